"""Linear as a ticket tracker."""
