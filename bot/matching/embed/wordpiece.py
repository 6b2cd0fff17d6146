"""BERT's WordPiece tokenizer, made of a vocabulary alone."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

UNCASED = Path(__file__).with_name("bert_uncased") / "vocab.txt"


def wordpiece(vocabulary: Path, *, lowercase: bool = True) -> Tokenizer:
    """Return the tokenizer. vocabulary: a token a line, its number from 0 is its id.

    "[SEP]" and its like in a text are words like any other; only we set marks.
    """
    model = WordPiece.from_file(str(vocabulary), unk_token="[UNK]")  # noqa: S106
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    marks = [(mark, tokenizer.token_to_id(mark)) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    return tokenizer
