"""The Guide's own tokens: byte-level pairs, cut as Mistral's "tekken" cuts text.

Any text can be written with them, for each single byte is a token too.
"""

import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

TEKKEN = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}|"
    r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# The ids are those of Mistral's own tokenizer.
CONTROL = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]",
           "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]",
           "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]", *(f"<SPECIAL_{n}>" for n in range(20, 36))]
BEGIN, END, ASK, ASKED, PAD, SYSTEM, SYSTEM_END = (
    CONTROL.index(text) for text in ["<s>", "</s>", "[INST]", "[/INST]", "<pad>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"]
)

# How many tokens of an answer are its beginning.
BEGINNING = 6


def learnt(texts, size: int) -> Tokenizer:
    """A vocabulary of `size` tokens, learnt from `texts`."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(TEKKEN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size, special_tokens=CONTROL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    ))
    return tokenizer


def talk_ids(tokenizer: Tokenizer, talk: dict) -> tuple[list[int], list[bool]]:
    """A talk as the chat template writes it, and which of its tokens the model has to say."""
    encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    ids = [BEGIN]
    if talk.get("system"):
        ids += [SYSTEM, *encode(talk["system"]), SYSTEM_END]
    says = [False] * len(ids)
    for asked, answered in talk["turns"]:
        prompt = [ASK, *encode(asked), ASKED]
        answer = [] if answered is None else [*encode(answered), END]
        if talk.get("cut"):
            answer = answer[:BEGINNING]
        ids += prompt + answer
        says += [False] * len(prompt) + [True] * len(answer)
    return ids, says


def opened(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def pieces(path: Path) -> tuple[list[str], list[list[str]]]:
    """The tokens by id, and the merges."""
    model = json.loads(path.read_text())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].get)
    return tokens, [merge if isinstance(merge, list) else merge.split(" ") for merge in model["merges"]]
