"""Everything that Voc shows, over any store, in every language: found by pressing whatever can be pressed."""
