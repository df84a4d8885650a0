"""Asks the trained Guide what it was not trained on, and says what it did not understand.

    python3 dev.py FOLDER

First corpus/dev.txt, then sparks from the generator with another seed.
"""

import random
import sys
from pathlib import Path

import torch

import vocabulary
from grammar import SOURCES, lists, sections
from model import Guide, Shape
from sparks import Sparks


def answers(guide: Guide, tokenizer, asked: list[str], longest: int = 110) -> list[str]:
    """The likeliest answer to each, those of equal length together."""
    prompts = [vocabulary.talk_ids(tokenizer, {"turns": [[ask, None]]})[0] for ask in asked]
    said = [""] * len(asked)
    for length in sorted({len(prompt) for prompt in prompts}):
        places = [place for place, prompt in enumerate(prompts) if len(prompt) == length]
        ids = torch.tensor([prompts[place] for place in places])
        ended = torch.zeros(len(places), dtype=torch.bool)
        while not ended.all() and ids.shape[1] < length + longest:
            following = guide.logits(guide(ids)[:, -1]).argmax(-1)
            following[ended] = vocabulary.PAD
            ended |= following == vocabulary.END
            ids = torch.cat([ids, following[:, None]], dim=1)
        for place, row in zip(places, ids[:, length:].tolist()):
            said[place] = tokenizer.decode([token for token in row if token >= len(vocabulary.CONTROL)])
    return said


@torch.no_grad()
def main(folder: str) -> None:
    torch.set_num_threads(1)
    folder = Path(folder)
    tokenizer = vocabulary.opened(folder / "tokenizer.json")
    guide = Guide(Shape())
    guide.load_state_dict(torch.load(folder / "guide.pt"))
    right = {section.name: section.answers for section in sections("help.txt")[1:]}
    right["other"] = sections("other.txt")[0].answers
    lines = [line.partition(": ")[::2] for line in (SOURCES / "dev.txt").read_text().splitlines()[3:] if line]
    said = answers(guide, tokenizer, [ask for _, ask in lines])
    missed = [(subject, ask, text) for (subject, ask), text in zip(lines, said) if text not in right[subject]]
    for subject, ask, text in missed:
        found = next((name for name, known in right.items() if text in known), f"no answer: {text}")
        print(f"{subject}: {ask} -> {found}")

    sparks = Sparks(lists(), random.Random(4242))
    asked = [spark for spark in (sparks.spark() for _ in range(60)) if spark[0][1]]
    wanted = [spark[0][1].removeprefix("my ").removeprefix("an ").removeprefix("a ").removeprefix("the ") for spark in asked]
    said = answers(guide, tokenizer, [" ".join(spark[0]) for spark in asked])
    lost = 0
    for spark, subject, text in zip(asked, wanted, said):
        titles = text.startswith("1.")
        # Titles say the core of it, which comes first.
        copied = subject.split(" ")[0] in text if titles else subject in text
        lost += not copied
        if not copied or lost == 0 and random.random() < 0.2:
            print(f"{'copied' if copied else 'NOT COPIED'}: {' '.join(spark[0])} -> {text!r}")
    print(f"help and other {len(lines) - len(missed)} of {len(lines)}, sparks {len(asked) - lost} of {len(asked)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
