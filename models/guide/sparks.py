"""The small sparks: subjects of all kinds, known and made up, and what is said of them.

What matters is that the subject comes back in the answer word for word, whatever it is;
so a good part of the subjects are words that nobody has ever seen.
"""

import random
import re
from dataclasses import dataclass

from grammar import SOURCES, sections, spoken

ONSETS = "b br c ch cl cr d dr f fl fr g gl gr h j k kl l m n p pl pr qu r s sc sh sk sl sn sp st str sw t th tr v w wr y z".split()
VOWELS = "a e i o u ai ea ee oa oo ou ie".split()
CODAS = ["", "", "b", "ck", "d", "ft", "g", "l", "ll", "lt", "m", "mp", "n", "nd", "ng", "nk", "nt", "p", "r", "rd", "rk", "rn", "s", "sh",
         "sk", "st", "t", "th", "x"]
ENDINGS = ["", "", "", "er", "ing", "le", "y", "on", "et", "ish", "ard", "or", "ine", "ia", "o", "um", "ette", "age", "ery", "wright", "monger", "fish"]


@dataclass
class Subject:
    """A thing as it is asked about: "a", "lighthouse keeper", " who is afraid"."""

    article: str
    core: str
    rest: str = ""

    @property
    def whole(self) -> str:
        return f"{self.article} {self.core}{self.rest}".strip()

    @property
    def theirs(self) -> str:
        """As the answer says it: "my shop" becomes "your shop"."""
        return re.sub(r"^my ", "your ", self.whole)


class Sparks:
    """Sparks by chance."""

    def __init__(self, words: dict[str, list[str]], chance: random.Random):
        self.words, self.chance = words, chance
        self.any = sorted(set(re.findall(r"\b[a-z]{4,12}\b", " ".join(path.read_text() for path in SOURCES.glob("[!d]*.txt")))))
        self.kinds = {section.name: section for section in sections("sparks.txt")[1:]}

    def spark(self):
        """What is asked (before the subject, and the subject), the answer, and a way to more of the same."""
        kind = self.chance.choices(["line", "titles", "name", "palette"], [30, 26, 24, 20])[0]
        section = self.kinds[kind]
        ask = " ".join([self.chance.choice(section.words["ask"]), self.chance.choice(section.words["kind"])]).strip()
        if self.chance.random() < 0.04:
            # Without a subject the Guide takes one of its own.
            subject = self.subject(plain=True)
            asked = (ask, "")
        elif kind == "name":
            subject = self.business(section)
            asked = (ask + " for", subject.whole)
        elif kind == "titles":
            subject = self.subject()
            work = self.pick(section, "work")
            link = self.chance.choice([f"for {article(work)} {work} {self.pick(section, 'of')}", f"for my {work} {self.pick(section, 'of')}", "for"])
            asked = (f"{ask} {link}", subject.whole)
        else:
            subject = self.subject()
            asked = (f"{ask} {self.pick(section, 'for')}", subject.whole)
        if self.chance.random() < 0.25:
            lower = lambda text: text.lower()
            subject = Subject(*map(lower, (subject.article, subject.core, subject.rest)))
            asked = tuple(map(lower, asked))
        answer = lambda: getattr(self, kind)(subject)
        return asked, answer(), answer

    def pick(self, section, name: str) -> str:
        return self.chance.choice(section.words[name])

    def line(self, subject: Subject | None = None) -> str:
        subject = subject or self.subject()
        return self.said(self.chance.choice(self.kinds["line"].answers), s=subject.whole)

    def titles(self, subject: Subject) -> str:
        three = self.chance.choice(self.kinds["titles"].answers).split(" / ")
        return "\n".join(f"{n}. {self.title(way, subject)}" for n, way in enumerate(three, 1))

    def title(self, way: str | None = None, subject: Subject | None = None) -> str:
        subject = subject or self.subject()
        way = way or self.chance.choice(self.kinds["titles"].answers).split(" / ")[0]
        return self.said(way, s=subject.theirs, core=subject.core)

    def name(self, subject: Subject) -> str:
        return self.said(self.chance.choice(self.kinds["name"].answers), thing=subject.theirs)

    def palette(self, subject: Subject) -> str:
        head, *colours = self.chance.choice(self.kinds["palette"].answers).split(" / ")
        return "\n".join([self.said(head, s=subject.theirs), *(f"- {colour}" for colour in colours)])

    def said(self, pattern: str, **given: str) -> str:
        return spoken(pattern, self.words, self.chance, **given)

    def subject(self, plain: bool = False) -> Subject:
        kinds = ["person", "thing", "animal", "mass", "plural", "pair", "owned", "named", "new", "place"]
        kind = self.chance.choices(kinds, [18, 16, 7, 12, 12, 7, 6, 6, 12, 6])[0]
        if plain:
            kind = self.chance.choice(["thing", "mass", "animal"])
        noun = self.noun if not plain else lambda name: self.chance.choice(self.words[name])
        if kind == "mass":
            doing = self.some(0.2, lambda: invented(self.chance) + "ing ")
            return Subject("", doing + noun("mass"), self.some(0.25, lambda: " " + self.chance.choice([self.word("where"), self.near()])))
        if kind == "plural":
            return Subject(self.chance.choice(["", "", "two", "three", "my", "the"]), self.adjective(0.3) + noun("plural"), self.tail(0.2))
        if kind == "pair":
            one, other = self.thing(), self.thing()
            return Subject(one.article, f"{one.core} and {other.whole}")
        if kind == "owned":
            owner = self.chance.choice(["my", "my", "the", "his", "her"])
            return Subject(owner, f"{self.word('kin') if self.chance.random() < 0.6 else noun('person')}'s {noun('thing')}", self.tail(0.1))
        if kind == "named":
            name = invented(self.chance).capitalize()
            called = self.chance.choice(["called", "named"])
            return self.with_article(f"{self.word('namable')} {called} {name}")
        if kind == "place":
            return self.with_article(self.adjective(0.3) + noun("kindofshop"), " " + self.word("where"))
        if kind == "new":
            word = invented(self.chance)
            if self.chance.random() < 0.3:
                return Subject("", word)
            return self.with_article(f"{word} {noun('person')}" if self.chance.random() < 0.4 else self.adjective(0.3) + word, self.tail(0.3))
        return self.with_article(self.adjective(0.5) + noun(kind), self.tail(0.4))

    def thing(self) -> Subject:
        return self.with_article(self.adjective(0.3) + self.noun(self.chance.choice(["person", "thing", "animal"])))

    def with_article(self, core: str, rest: str = "") -> Subject:
        chosen = self.chance.choices([article(core), "the", "the last", "my"], [70, 18, 5, 7])[0]
        return Subject(chosen, core, rest)

    def business(self, section) -> Subject:
        """What a name is asked for: "a shop that mends clocks", "a bakery by the sea"."""
        goods = self.adjective(0.25) + self.noun("plural") if self.chance.random() < 0.75 else self.noun("mass")
        who = self.pick(section, "who")
        kind = self.chance.randrange(4)
        if kind == 0:
            return self.with_my(self.adjective(0.2) + self.noun("kindofshop"), self.some(0.6, lambda: " " + self.word("where")))
        if kind == 1:
            return self.with_my(who, f" {self.pick(section, 'doing')} {goods}{self.some(0.15, lambda: ' ' + self.word('where'))}")
        return self.with_my(who, f" {self.pick(section, 'that')} {self.does(section)} {goods}{self.some(0.15, lambda: ' ' + self.word('where'))}")

    def does(self, section) -> str:
        return self.pick(section, "does") if self.chance.random() < 0.7 else invented(self.chance) + "s"

    def with_my(self, core: str, rest: str) -> Subject:
        return Subject(self.chance.choices([article(core), "my", "our", "the"], [78, 15, 3, 4])[0], core, rest)

    def noun(self, name: str) -> str:
        """A word of the list, or any word at all, or one that nobody has ever seen: were the
        lists all there is, the answers would say what is likely instead of what was asked."""
        point = self.chance.random()
        if point < 0.55:
            return self.word(name)
        word = invented(self.chance) if point < 0.8 else self.chance.choice(self.any)
        return word + "s" if name == "plural" else word

    def word(self, name: str) -> str:
        return self.chance.choice(self.words[name])

    def adjective(self, likely: float) -> str:
        return self.some(likely, lambda: self.noun("adjective") + " ")

    def tail(self, likely: float) -> str:
        return self.some(likely, lambda: " " + self.chance.choice([self.word("tail"), self.word("where"), self.deed(), self.near()]))

    def deed(self) -> str:
        """What nobody else does: "who fesks old lamps"."""
        return f"{self.chance.choice(['who', 'that', 'who only', 'which'])} {invented(self.chance)}s {self.adjective(0.2)}{self.noun('plural')}"

    def near(self) -> str:
        where = self.chance.choice(["under", "behind", "above", "near", "inside", "beside", "before", "after", "without", "against"])
        return f"{where} the {self.adjective(0.2)}{self.noun(self.chance.choice(['thing', 'kindofshop', 'animal']))}"

    def some(self, likely: float, make) -> str:
        return make() if self.chance.random() < likely else ""


def article(word: str) -> str:
    return "an" if word[:1] in "aeiou" else "a"


def invented(chance: random.Random) -> str:
    """A word of one to three syllables that means nothing."""
    syllables = (chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(CODAS) for _ in range(chance.choice([1, 1, 2, 2])))
    return "".join(syllables) + chance.choice(ENDINGS)
