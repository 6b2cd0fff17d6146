"""How well matching does on a folder whose right answers are known: figures to compare and to decide by."""
