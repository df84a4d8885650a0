/** Colours that are written as hex values are shown beside them. */
import type { ReactNode } from "react";

/** Three digits alone are a number, and so is what goes on behind it. */
const HEX = /(?<![\w&#/])(#(?:[0-9a-f]{6}|(?=\d{0,2}[a-f])[0-9a-f]{3}))(?![\w-])/gi;

export function withSwatches(text: string): ReactNode {
  if (!text.includes("#")) return text;
  const pieces = text.split(HEX);
  if (pieces.length === 1) return text;
  return pieces.map((piece, i) =>
    i % 2 === 0 ? (
      piece
    ) : (
      <span key={i} className="hex">
        <span className="swatch" aria-hidden="true" style={{ background: piece }} />
        {piece}
      </span>
    ),
  );
}
