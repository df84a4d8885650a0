"""The corpus's sources, read: lines with choices in them, and lists of words."""

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).parent / "corpus"
INNERMOST = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass
class Section:
    """What stands under one "## name"."""

    name: str
    ways: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    follow_ups: list[tuple[str, str]] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)


def sections(file: str) -> list[Section]:
    """The sections of a source; the first, without a name, is what stands before any "##"."""
    read = [Section("")]
    for line in (SOURCES / file).read_text().splitlines():
        sign, rest = line[:2], line[2:].strip()
        if sign == "##":
            read.append(Section(rest))
        elif sign == "? ":
            read[-1].ways += split(rest)
        elif sign == "! ":
            read[-1].answers.append(rest)
        elif sign == "+ ":
            way, _, after = rest.partition("->")
            read[-1].follow_ups.append((way.strip(), after.strip()))
        elif sign == "= ":
            name, _, words = rest.partition(":")
            read[-1].words[name] = [word.strip() for word in words.split("|")]
    return read


def lists() -> dict[str, list[str]]:
    """The lists of words.txt."""
    lines = (SOURCES / "words.txt").read_text().splitlines()[1:]
    return {name: words.strip().split("|") for name, _, words in (line.partition(":") for line in lines if line)}


def split(line: str) -> list[str]:
    """A line's alternatives, where it is several: a "|" outside of brackets."""
    depth, parts = 0, [""]
    for character in line:
        depth += (character == "[") - (character == "]")
        if character == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def spoken(pattern: str, words: dict[str, list[str]], chance: random.Random, **given: str) -> str:
    """One of the sentences that a pattern stands for."""
    while INNERMOST.search(pattern):
        pattern = INNERMOST.sub(lambda choice: chance.choice(choice[1].split("|")), pattern)

    def word(slot: re.Match) -> str:
        name = slot[1]
        if name in given:
            return given[name]
        if name.lower() in given or name.lower() in words:
            text = given.get(name.lower()) or chance.choice(words[name.lower()])
            return text if name.islower() else text[:1].upper() + text[1:]
        raise KeyError(f"{name} in {pattern}")

    while SLOT.search(pattern):
        pattern = SLOT.sub(word, pattern)
    return re.sub(r" +([,:.?])", r"\1", re.sub(r"\s+", " ", pattern)).strip()
