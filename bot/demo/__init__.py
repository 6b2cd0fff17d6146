"""The demo: the main job, once through, against stand-ins on this machine."""
