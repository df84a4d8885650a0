"""Keeps the questions out of the corpus.

    python3 hold_out.py CORPUS.jsonl KEPT.jsonl

Every talk in which somebody asks one of questions.json, or nearly, is left out; nothing
is ever added or changed here. What is kept is written down in seen.bin, a mark of four
bytes for each prompt, sorted: with it tests/guide.rs shows that no question was seen.
"""

import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Of all the words in two prompts, the part they share from which they are near.
NEAR = 0.8


def normal(text: str) -> str:
    """Lower case, and nothing but ASCII letters and digits in words."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("'", "")))


def mark(prompt: str) -> bytes:
    """FNV-1a, in 32 bits, of the prompt's words, each once, in the order of the alphabet."""
    value = 0x811C9DC5
    for byte in " ".join(sorted(set(prompt.split()))).encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value.to_bytes(4)


def trigrams(text: str) -> set:
    words = ["", *text.split(), ""]
    return set(zip(words, words[1:], words[2:]))


def shared(one: set, other: set) -> float:
    return len(one & other) / max(len(one | other), 1)


class HeldOut:
    def __init__(self):
        questions = json.loads((HERE / "questions.json").read_text())
        asked = [normal(question["ask"]) for kind in ("help", "sparks", "other") for question in questions[kind]]
        self.held = [(text, set(text.split()), trigrams(text)) for text in asked]

    def near(self, prompt: str) -> bool:
        words, threes = set(prompt.split()), trigrams(prompt)
        alike = (held for held in self.held if NEAR <= len(words) / len(held[1]) <= 1 / NEAR)
        return any(shared(words, held) >= NEAR or shared(threes, held_threes) >= NEAR for _, held, held_threes in alike)


def main(corpus: str, kept: str) -> None:
    held_out, known, dropped = HeldOut(), {}, 0
    with open(corpus) as talks, open(kept, "w") as out:
        for line in talks:
            prompts = {normal(asked) for asked, _ in json.loads(line)["turns"]}
            for prompt in prompts - known.keys():
                known[prompt] = held_out.near(prompt)
            if any(known[prompt] for prompt in prompts):
                dropped += 1
                continue
            out.write(line)
    print(f"{dropped} talks left out")


if __name__ == "__main__":
    main(*sys.argv[1:])
