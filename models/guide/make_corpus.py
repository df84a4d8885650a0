"""Writes the Guide's corpus: talks made from the sources in corpus/, and from nothing else.

    python3 make_corpus.py OUT.jsonl [COUNT] [SEED]

Each line is a talk: {"system": text or null, "turns": [[asked, answered], …]}, and
"cut" where only the answer's beginning counts. The same seed writes the same corpus. questions.json is never read here: see hold_out.py.
"""

import json
import random
import re
import sys
from pathlib import Path

import sparks
from grammar import lists, sections, spoken

STARTING_POINTS = Path(__file__).parents[2] / "src-tauri/crates/app/src/starting_points.rs"
OPENERS = ["hi, ", "hello, ", "hey, ", "please, ", "sorry, ", "quick question: ", "um, ", "so ", "and ", "ok, ", "one question: ",
           "excuse me, ", "i wonder, ", "tell me, ", "just asking, ", "silly question, ", "hm, ", "now ", "also, ", "but "]
CLOSERS = [" please", " thanks", " thank you", ", please", " pls", " then", " actually", " exactly", " again", " now", " here",
           " in sotto", " by the way", " if i may ask", ", i'm new", " i wonder"]
NEIGHBOURS = {a: b for a, b in zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioposdfghjklkxcvbnmn")}


def slipped(text: str, chance: random.Random) -> str:
    """The text with one or two slips of the finger."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    for place in chance.sample(long, min(len(long), chance.choice([1, 1, 1, 2, 2, 3]))):
        word = words[place]
        at = chance.randrange(1, len(word) - 1)
        kind = chance.randrange(5)
        if kind == 0:  # two letters in each other's place
            word = word[:at] + word[at + 1] + word[at] + word[at + 2:]
        elif kind == 1:  # one left out
            word = word[:at] + word[at + 1:]
        elif kind == 2:  # one twice
            word = word[:at] + word[at] + word[at:]
        elif kind == 3:  # the neighbour's
            word = word[:at] + NEIGHBOURS.get(word[at], word[at]) + word[at + 1:]
        else:  # the last one left out
            word = word[:-1]
        words[place] = word
    return " ".join(words)


def as_typed(text: str, chance: random.Random) -> str:
    """A question as people type it: with or without capitals, marks, courtesies and slips."""
    if chance.random() < 0.12:
        text = chance.choice(OPENERS) + text
    if chance.random() < 0.12:
        text += chance.choice(CLOSERS)
    if chance.random() < 0.3:
        text = slipped(text, chance)
    if chance.random() < 0.25:
        text = re.sub(r"'", "", text)
    if chance.random() < 0.45:
        text = text[:1].upper() + text[1:]
        text = re.sub(r"\bi\b", "I", text)
        text = text.replace(" sotto", " Sotto")
    asks = re.match(r"(?i)(what|where|how|is|are|do|does|can|could|will|which|who|why|may|should|did|has|when)\b", text)
    if text[-1:].isalpha() and chance.random() < 0.65:
        text += "?" if asks or chance.random() < 0.2 else "."
    return text


class Corpus:
    """Talks, one after another."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        head, *self.subjects = sections("help.txt")
        self.words = lists()
        self.help_words = head.words
        self.other = sections("other.txt")[0]
        self.sparks = sparks.Sparks(self.words, self.chance)
        self.weights = [len(subject.ways) ** 0.5 for subject in self.subjects]
        self.follow_ups: dict[str, list] = {}
        for subject in self.subjects:
            for way, after in subject.follow_ups:
                self.follow_ups.setdefault(after, []).append((way, subject))
        self.instructions = built_in_instructions()

    def talk(self) -> dict:
        """A talk; or, nearly as often, a question of which only the answer's beginning is
        kept. What is hard is to know what is asked: the rest of the answer follows."""
        if self.chance.random() < 0.4:
            kind = self.chance.choices(["help", "other"], [84, 16])[0]
            return {"system": None, "turns": self.exchange(kind)[:1], "cut": True}
        turns = []
        for _ in range(self.chance.choices([1, 2, 3, 4, 8, 16], [52, 22, 12, 6, 5, 3])[0]):
            turns += self.exchange(self.chance.choices(["help", "spark", "other"], [42, 49, 9])[0])
        return {"system": self.system(), "turns": turns}

    def exchange(self, kind: str) -> list[list[str]]:
        """One question and its answer, and sometimes what follows from them."""
        if kind == "spark":
            asked, answered, more = self.sparks.spark()
            turns = [[self.typed_spark(asked), answered]]
            if self.chance.random() < 0.06:
                again = ["another", "another one", "one more", "again", "something else", "and another", "try again", "a different one"]
                turns.append([as_typed(self.chance.choice(again), self.chance), more()])
            return turns
        if kind == "other":
            if self.chance.random() < 0.12:
                return [[noise(self.chance), self.chance.choice(self.other.answers)]]
            way = self.chance.choice(self.other.ways)
            subject = self.sparks.subject()
            asked = spoken(way, self.words, self.chance, s=subject.whole, prose=self.prose(), title=self.sparks.title())
            return [[as_typed(asked, self.chance), self.chance.choice(self.other.answers)]]
        subject = self.chance.choices(self.subjects, self.weights)[0]
        turns = [self.helped(self.chance.choice(subject.ways), subject)]
        if subject.name in self.follow_ups and self.chance.random() < 0.4:
            turns.append(self.helped(*self.chance.choice(self.follow_ups[subject.name])))
        return turns

    def helped(self, way, subject) -> list[str]:
        asked = spoken(way, self.help_words, self.chance)
        return [as_typed(asked, self.chance), self.chance.choice(subject.answers)]

    def typed_spark(self, asked: tuple[str, str]) -> str:
        """The request as typed; its subject is left as it is, for it is copied."""
        before, subject = asked
        if self.chance.random() < 0.1:
            before = self.chance.choice(OPENERS) + before
        if self.chance.random() < 0.2:
            before = slipped(before, self.chance)
        if self.chance.random() < 0.4:
            before = before[:1].upper() + before[1:]
        after = self.chance.choices(["", ".", "?", " please", ", please", " please.", " thanks"], [50, 18, 12, 8, 6, 3, 3])[0]
        return f"{before} {subject}{after}".strip()

    def prose(self) -> str:
        return " ".join(self.sparks.line() for _ in range(self.chance.randint(1, 3)))

    def system(self) -> str | None:
        """Instructions and notes as the app joins them; most often there are none."""
        point = self.chance.random()
        if point < 0.82:
            return None
        if point < 0.92:
            return self.chance.choice(self.instructions)
        own = spoken("[You are|Be|Act as|Answer like|Write as] a {adjective} {job}. [Be brief.|Answer in {number} sentences.|"
                     "Never use the word {mass}.|Be kind and {quality}.|Write plainly.|]", self.words, self.chance)
        notes = f"Notes on this project:\n{self.prose()}"
        return self.chance.choice([own, own, notes, f"{own}\n\n{notes}"])


def noise(chance: random.Random) -> str:
    """What is no English: keys at random, or another script."""
    scripts = ["abcdefghijklmnopqrstuvwxyz", "asdfghjklqwertyu", "0123456789", "абвгдежзийклмнопрстуфхцчшыьэюя", "αβγδεζηθικλμνξοπρστυφχψω",
               "的一是不了人我在有他这中大来上国", "あいうえおかきくけこさしすせそ", "ابتثجحخدذرزسشصض", "àâçéèêëîïôùûüñäöß", "🙂🎉🌊❤👍✨", "!?.,;:-"]
    script = chance.choice(scripts)
    words = ("".join(chance.choices(script, k=chance.randint(1, 8))) for _ in range(chance.randint(1, 5)))
    return " ".join(words).strip()


def built_in_instructions() -> list[str]:
    """The instructions of the app's own starting points."""
    found = re.findall(r'instructions: "((?:[^"\\]|\\.)*)"', STARTING_POINTS.read_text(), re.S)
    return [re.sub(r"\\\n\s*", "", text) for text in found]


def main(out: str, count: str = "60000", seed: str = "1") -> None:
    corpus = Corpus(int(seed))
    with open(out, "w") as file:
        for _ in range(int(count)):
            file.write(json.dumps(corpus.talk(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
