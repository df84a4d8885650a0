/** One node of Markdown as a React element. What is not known here is shown as its text. */
import type { Heading, ListItem, Nodes, Parents, Table } from "mdast";
import { type ReactNode, use } from "react";
import { Code } from "./Code";
import { Depths } from "./depths";
import { directionOf } from "./direction";
import { Link } from "./Link";
import { withSwatches } from "./swatches";

export function Node({ node, growing }: { node: Nodes; growing: boolean }): ReactNode {
  switch (node.type) {
    case "text":
      return growing ? <GrowingText text={node.value} /> : withSwatches(node.value);
    case "paragraph":
      return <p dir="auto">{inside(node, growing)}</p>;
    case "heading":
      return <Title node={node} growing={growing} />;
    case "emphasis":
      return <em>{inside(node, growing)}</em>;
    case "strong":
      return <strong>{inside(node, growing)}</strong>;
    case "delete":
      return <del>{inside(node, growing)}</del>;
    case "inlineCode":
      return <code>{withSwatches(node.value)}</code>;
    case "code":
      return <Code text={node.value} language={node.lang ?? null} />;
    case "blockquote":
      return <blockquote dir={directionIn(node)}>{inside(node, growing)}</blockquote>;
    case "list": {
      const items = node.children.map((item, i) => <Item key={i} item={item} growing={growing} tight={!node.spread} />);
      const dir = directionIn(node);
      return node.ordered ? (
        <ol dir={dir} start={node.start ?? 1}>
          {items}
        </ol>
      ) : (
        <ul dir={dir}>{items}</ul>
      );
    }
    case "thematicBreak":
      return <hr />;
    case "break":
      return <br />;
    case "link":
      return <Link address={node.url}>{inside(node, growing)}</Link>;
    case "image":
    case "imageReference":
      // A picture's address tells whoever owns it that the user read this: it is never fetched.
      return <span className="unseen">Picture, not fetched{node.alt ? `: ${node.alt}` : ""}</span>;
    case "html":
      return <span className="raw">{node.value}</span>;
    case "table":
      return <Grid table={node} growing={growing} />;
    case "footnoteReference":
      return <sup>{node.label ?? node.identifier}</sup>;
    case "footnoteDefinition":
      return (
        <div className="footnote">
          <sup>{node.label ?? node.identifier}</sup> {inside(node, growing)}
        </div>
      );
    case "definition":
      return <p>{`[${node.label ?? node.identifier}]: ${node.url}`}</p>;
    case "linkReference":
    case "listItem":
    case "tableRow":
    case "tableCell":
    case "root":
      return inside(node, growing);
    case "yaml":
      return node.value;
  }
}

/**
 * The conversation's title is the page's h1 and each message stands below it: whatever signs a text
 * makes its headings with, the highest is h2, the next h3, and none is left out in between.
 */
function Title({ node, growing }: { node: Heading; growing: boolean }) {
  const above = use(Depths) & ((1 << node.depth) - 1);
  const Level = above === 0 ? "h2" : (above & (above - 1)) === 0 ? "h3" : "h4";
  return <Level dir="auto">{inside(node, growing)}</Level>;
}

function inside(node: Parents, growing: boolean): ReactNode {
  return node.children.map((child, i) => <Node key={i} node={child} growing={growing} />);
}

function Item({ item, growing, tight }: { item: ListItem; growing: boolean; tight: boolean }) {
  return (
    <li className={tight ? "tight" : undefined}>
      {item.checked !== null && item.checked !== undefined && (
        <span role="img" aria-label={item.checked ? "Done" : "Not done"} className="tick">
          {item.checked ? "☑" : "☐"}{" "}
        </span>
      )}
      {inside(item, growing)}
    </li>
  );
}

function Grid({ table, growing }: { table: Table; growing: boolean }) {
  const [head, ...rows] = table.children;
  return (
    <div className="grid" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head?.children.map((cell, i) => (
              <th key={i} data-align={table.align?.[i] ?? undefined}>
                {inside(cell, growing)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.children.map((cell, i) => (
                <td key={i} data-align={table.align?.[i] ?? undefined}>
                  {inside(cell, growing)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/**
 * A list's marks and a quote's rule stand where its text begins. `dir="auto"` does not see into
 * paragraphs that have a direction of their own, so the letters are looked at here.
 */
function directionIn(node: Nodes): "rtl" | "ltr" {
  return directionOf(beginning(node, 200));
}

function beginning(node: Nodes, most: number): string {
  if ("value" in node) return node.value.slice(0, most);
  let text = "";
  for (const child of "children" in node ? node.children : []) {
    text += beginning(child, most);
    if (text.length >= most) break;
  }
  return text;
}

/** As many letters at the end of an open block can be new. */
const FRESH = 600;

/** Each new word is an element of its own, so that it can fade in; what came before is one text. */
function GrowingText({ text }: { text: string }) {
  // The cut moves in steps, and words are called by where they stand: none fades in twice.
  const settled = Math.max(0, Math.floor(text.length / FRESH) - 1) * FRESH;
  const cut = settled === 0 ? 0 : text.indexOf(" ", settled) + 1;
  let at = cut;
  return (
    <>
      {text.slice(0, cut)}
      {text
        .slice(cut)
        .split(/(?<=\s)(?=\S)/)
        .map((word) => {
          const key = at;
          at += word.length;
          return (
            <span key={key} className="arriving">
              {word}
            </span>
          );
        })}
    </>
  );
}
