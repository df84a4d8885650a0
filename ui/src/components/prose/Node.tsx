/** One node of Markdown as a React element. What is not known here is shown as its text. */
import type { ListItem, Nodes, Parents, Table } from "mdast";
import type { ReactNode } from "react";
import { Code } from "./Code";
import { Link } from "./Link";

export function Node({ node, growing }: { node: Nodes; growing: boolean }): ReactNode {
  switch (node.type) {
    case "text":
      return growing ? <GrowingText text={node.value} /> : node.value;
    case "paragraph":
      return <p dir="auto">{inside(node, growing)}</p>;
    case "heading": {
      // The conversation's title is the page's h1 and each message stands below it.
      const Heading = node.depth === 1 ? "h2" : node.depth === 2 ? "h3" : "h4";
      return <Heading dir="auto">{inside(node, growing)}</Heading>;
    }
    case "emphasis":
      return <em>{inside(node, growing)}</em>;
    case "strong":
      return <strong>{inside(node, growing)}</strong>;
    case "delete":
      return <del>{inside(node, growing)}</del>;
    case "inlineCode":
      return <code>{node.value}</code>;
    case "code":
      return <Code text={node.value} language={node.lang ?? null} />;
    case "blockquote":
      return <blockquote dir="auto">{inside(node, growing)}</blockquote>;
    case "list": {
      const items = node.children.map((item, i) => <Item key={i} item={item} growing={growing} tight={!node.spread} />);
      return node.ordered ? <ol start={node.start ?? 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case "thematicBreak":
      return <hr />;
    case "break":
      return <br />;
    case "link":
      return <Link address={node.url}>{inside(node, growing)}</Link>;
    case "image":
    case "imageReference":
      // A picture's address tells whoever owns it that she read this: it is never fetched.
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

function inside(node: Parents, growing: boolean): ReactNode {
  return node.children.map((child, i) => <Node key={i} node={child} growing={growing} />);
}

function Item({ item, growing, tight }: { item: ListItem; growing: boolean; tight: boolean }) {
  return (
    <li dir="auto" className={tight ? "tight" : undefined}>
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

/** Each word is an element of its own while the block is open, so that new ones can fade in. */
function GrowingText({ text }: { text: string }) {
  return text.split(/(?<=\s)(?=\S)/).map((word, i) => (
    <span key={i} className="arriving">
      {word}
    </span>
  ));
}
