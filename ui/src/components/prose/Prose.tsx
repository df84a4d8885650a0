/**
 * The model's words, safely: no HTML is ever interpreted, no picture is ever fetched, and a
 * link never takes the window anywhere. Only the block that is being written renders again.
 */
import { memo, useRef } from "react";
import { type Block, blocksOf } from "./blocks";
import { Depths } from "./depths";
import { directionOf } from "./direction";
import { Node } from "./Node";
import "./prose.css";

/** The user writes in the language of their system, most likely: it decides how words are broken. "C" is none. */
const LANGUAGE = /^[a-z]{2,3}(-|$)/i.test(navigator.language) ? navigator.language : undefined;

/** Of so many letters the spaces are drawn as one: WebKit takes ten times as long to keep each of them. */
const VAST = 32_000;

export function Prose({ text, growing = false }: { text: string; growing?: boolean }) {
  const before = useRef<readonly Block[]>([]);
  const blocks = blocksOf(text, before.current, growing);
  before.current = blocks;
  const depths = blocks.reduce((all, { node }) => (node.type === "heading" ? all | (1 << node.depth) : all), 0);
  return (
    <Depths value={depths}>
      <div className="prose" dir={directionOf(text)} lang={LANGUAGE}>
        {blocks.map((block, i) => (
          <SettledBlock key={i} block={block} open={growing && i === blocks.length - 1} />
        ))}
      </div>
    </Depths>
  );
}

const SettledBlock = memo(
  ({ block, open }: { block: Block; open: boolean }) =>
    block.plain ? (
      <p className={`raw${block.source.length > VAST ? " vast" : ""}`} dir="auto">
        <Node node={block.node} growing={open} />
      </p>
    ) : (
      <Node node={block.node} growing={open} />
    ),
  (a, b) => !a.open && !b.open && a.block.source === b.block.source,
);
