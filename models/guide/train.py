"""Trains the Guide on a corpus.

    python3 train.py KEPT.jsonl FOLDER [MINUTES] [STEPS] [EARLIER]

Writes FOLDER/tokenizer.json and FOLDER/guide.pt. With EARLIER, another such folder, it
goes on from there, with that vocabulary. Two processes of one thread each read
different talks and share what they learn from them after every step, in 16-bit floats:
on two cores that others use too this is several times faster than two threads. The seeds
are fixed. It ends after STEPS steps, or earlier where they would take more than MINUTES.
Loss is taken on the answers alone.
"""

import json
import math
import os
import random
import sys
import time
from pathlib import Path

import torch
import torch.distributed as together
import torch.multiprocessing as processes
import torch.nn.functional as F

import vocabulary
from model import Guide, Shape

SEED = 20261122
PROCESSES = 2
TOKENS_A_STEP = 2048  # in each process
RATE = 3e-3
WARM_UP = 0.02
COOL_DOWN = 0.7
# A talk rarely begins at the same place: what is said early must hold later too.
LATEST_START = 1536


def batches(talks, chance: random.Random):
    """Talks of about one length together, for ever, each round in another order."""
    while True:
        by_length = sorted(range(len(talks)), key=lambda place: len(talks[place][0]) + chance.random() * 12)
        groups, group, longest = [], [], 0
        for place in by_length:
            longest = max(longest, -(-len(talks[place][0]) // 8) * 8)
            if group and longest * (len(group) + 1) > TOKENS_A_STEP:
                groups.append(group)
                group, longest = [], -(-len(talks[place][0]) // 8) * 8
            group.append(place)
        chance.shuffle(groups)
        for group in groups:
            yield padded([talks[place] for place in group])


def padded(talks):
    longest = -(-max(len(ids) for ids, _ in talks) // 8) * 8
    ids = torch.full((len(talks), longest), vocabulary.PAD)
    says = torch.zeros(len(talks), longest, dtype=torch.bool)
    for row, (own, said) in enumerate(talks):
        ids[row, : len(own)] = torch.tensor(own)
        says[row, : len(own)] = torch.tensor(said)
    return ids, says


def rate(done: float) -> float:
    """Up, level, and down to nothing over the last part; `done` goes from 0 to 1."""
    return RATE * min(1, 0.02 + done / WARM_UP, (1 - done) / COOL_DOWN)


def prepare(corpus: str, folder: Path, earlier: str | None):
    """The talks in tokens, by a vocabulary that is learnt from them or taken over."""
    talks = [json.loads(line) for line in open(corpus)]
    if earlier:
        tokenizer = vocabulary.opened(Path(earlier) / "tokenizer.json")
    else:
        texts = (text for talk in talks[:20000] for text in [talk["system"] or "", *sum(talk["turns"], [])])
        tokenizer = vocabulary.learnt(texts, Shape().vocab_size)
    tokenizer.save(str(folder / "tokenizer.json"))
    return [vocabulary.talk_ids(tokenizer, talk) for talk in talks]


def learn(place: int, talks, folder: Path, minutes: float, steps: int, earlier: str | None) -> None:
    """One of the processes."""
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=os.environ.get("GUIDE_PORT", "29517"))
    together.init_process_group("gloo", rank=place, world_size=PROCESSES)
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    guide = Guide(Shape())  # 32-bit, and changed a little by each step
    if earlier:
        guide.load_state_dict(torch.load(Path(earlier) / "guide.pt"))
    swift = Guide(Shape()).bfloat16()  # the same in 16 bits, which computes
    swift.frequencies = guide.frequencies
    own, quick = dict(guide.named_parameters()), dict(swift.named_parameters())
    matrices = [weight for name, weight in own.items() if weight.dim() == 2 and "embeddings" not in name]
    others = [weight for name, weight in own.items() if weight.dim() == 1 or "embeddings" in name]
    optimisers = [
        torch.optim.Muon(matrices, lr=RATE, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=RATE, betas=(0.9, 0.95), weight_decay=0.0),
    ]
    chance = random.Random(SEED + place)
    source = batches(talks[place::PROCESSES], chance)
    begun, mean, tokens, step, done = time.time(), None, 0, 0, 0.0
    while done < 1:
        with torch.no_grad():
            for name, weight in own.items():
                quick[name].copy_(weight)
        ids, says = next(source)
        tokens += ids.numel() * PROCESSES
        start = chance.randrange(LATEST_START) if chance.random() < 0.3 else 0
        hidden = swift(ids[:, :-1], start)[says[:, 1:]]
        loss = F.cross_entropy(swift.logits(hidden).float(), ids[:, 1:][says[:, 1:]])
        swift.zero_grad(set_to_none=True)
        loss.backward()

        flat = torch.cat([weight.grad.float().flatten() for weight in quick.values()] + [loss.detach().view(1), torch.tensor([time.time() - begun])])
        together.all_reduce(flat)
        flat /= PROCESSES
        for weight, part in zip(own.values(), flat[:-2].split([weight.numel() for weight in own.values()])):
            weight.grad = part.view_as(weight)
        torch.nn.utils.clip_grad_norm_(guide.parameters(), 1.0)
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate(done)
            optimiser.step()
        step += 1
        # Both processes see the same loss and the same time, so that both do the same.
        loss, spent = flat[-2].item(), flat[-1].item()
        done = max(step / steps, spent / 60 / minutes)
        mean = loss if mean is None else 0.97 * mean + 0.03 * loss
        if place == 0 and (step % 25 == 0 or done >= 1):
            print(f"step {step}, {done:.0%}, loss {mean:.3f}, {tokens} tokens, {spent:.0f} s", flush=True)
            if step % 100 == 0 or done >= 1:
                torch.save(guide.state_dict(), folder / "guide.pt")
        if not math.isfinite(mean):
            raise SystemExit("the loss is no number any more")
    together.destroy_process_group()


def main(corpus: str, folder: str, minutes: str = "45", steps: str = "2500", earlier: str | None = None) -> None:
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    talks = prepare(corpus, folder, earlier)
    print(f"{len(talks)} talks, {sum(len(ids) for ids, _ in talks)} tokens", flush=True)
    processes.spawn(learn, (talks, folder, float(minutes), int(steps), earlier), nprocs=PROCESSES)


if __name__ == "__main__":
    main(*sys.argv[1:])
