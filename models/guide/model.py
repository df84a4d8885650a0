"""The Guide's architecture: Ministral 3's own, made small.

Every choice that the larger models make is here, so that the app runs the Guide on the
same path: grouped queries, a rope stretched by YaRN, queries scaled by position, and
embeddings that serve as the output layer too.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    """The sizes of the model, by the names that Hugging Face's config.json gives them."""

    vocab_size: int = 2560
    hidden_size: int = 256
    intermediate_size: int = 512
    num_hidden_layers: int = 4
    num_attention_heads: int = 4
    num_key_value_heads: int = 2
    head_dim: int = 64
    rms_norm_eps: float = 1e-5
    rope_theta: float = 1e6
    factor: float = 8.0
    original_context: int = 512
    beta_fast: float = 32.0
    beta_slow: float = 1.0
    query_scaling: float = 0.1
    # The rope reaches further; but this is about what the longest talks of the corpus take.
    context: int = 1024


def frequencies(shape: Shape) -> torch.Tensor:
    """The rope's frequencies as YaRN stretches them: fast ones stay, slow ones are divided."""
    dim, base = shape.head_dim, shape.rope_theta
    plain = base ** (-torch.arange(0, dim, 2, dtype=torch.float64) / dim)

    def dimension(rotations: float) -> float:
        return dim * math.log(shape.original_context / (rotations * 2 * math.pi)) / (2 * math.log(base))

    low = max(math.floor(dimension(shape.beta_fast)), 0)
    high = min(math.ceil(dimension(shape.beta_slow)), dim - 1)
    ramp = ((torch.arange(dim // 2, dtype=torch.float64) - low) / max(high - low, 0.001)).clamp(0, 1)
    return (plain * (1 - ramp) + plain / shape.factor * ramp).float()


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.heads, self.groups, self.dim = shape.num_attention_heads, shape.num_key_value_heads, shape.head_dim
        self.q = nn.Linear(shape.hidden_size, self.heads * self.dim, bias=False)
        self.k = nn.Linear(shape.hidden_size, self.groups * self.dim, bias=False)
        self.v = nn.Linear(shape.hidden_size, self.groups * self.dim, bias=False)
        self.o = nn.Linear(self.heads * self.dim, shape.hidden_size, bias=False)

    def forward(self, x, cos, sin, scale):
        batch, length, _ = x.shape
        q = self.q(x).view(batch, length, self.heads, self.dim).transpose(1, 2)
        k = self.k(x).view(batch, length, self.groups, self.dim).transpose(1, 2)
        v = self.v(x).view(batch, length, self.groups, self.dim).transpose(1, 2)
        q, k = turned(q, cos, sin) * scale, turned(k, cos, sin)
        k = k.repeat_interleave(self.heads // self.groups, dim=1)
        v = v.repeat_interleave(self.heads // self.groups, dim=1)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.o(seen.transpose(1, 2).reshape(batch, length, -1))


def turned(x, cos, sin):
    """The rope, in halves: dimension i turns with dimension i + half."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm = nn.RMSNorm(shape.hidden_size, eps=shape.rms_norm_eps)
        self.attention = Attention(shape)
        self.ffn_norm = nn.RMSNorm(shape.hidden_size, eps=shape.rms_norm_eps)
        self.gate = nn.Linear(shape.hidden_size, shape.intermediate_size, bias=False)
        self.up = nn.Linear(shape.hidden_size, shape.intermediate_size, bias=False)
        self.down = nn.Linear(shape.intermediate_size, shape.hidden_size, bias=False)

    def forward(self, x, cos, sin, scale):
        x = x + self.attention(self.attention_norm(x), cos, sin, scale)
        h = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Guide(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embeddings = nn.Embedding(shape.vocab_size, shape.hidden_size)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.num_hidden_layers))
        self.norm = nn.RMSNorm(shape.hidden_size, eps=shape.rms_norm_eps)
        self.register_buffer("frequencies", frequencies(shape), persistent=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                last = name.endswith((".o.weight", ".down.weight"))
                nn.init.normal_(weight, std=0.02 / math.sqrt(2 * shape.num_hidden_layers) if last else 0.02)

    def forward(self, ids, start: int = 0):
        """The last layer's outputs for `ids`, whose first stands at position `start`."""
        positions = torch.arange(start, start + ids.shape[1], device=ids.device)
        angles = positions[:, None].float() * self.frequencies
        kind = self.embeddings.weight.dtype
        cos, sin = angles.cos().to(kind), angles.sin().to(kind)
        steps = torch.floor(positions.float() / self.shape.original_context)
        scale = (1 + self.shape.query_scaling * torch.log1p(steps))[:, None].to(kind)
        x = self.embeddings(ids)
        for layer in self.layers:
            x = layer(x, cos, sin, scale)
        return self.norm(x)

    def logits(self, hidden):
        return hidden @ self.embeddings.weight.T
