/** Between blocks of a page and the Markdown that a model reads and writes. */

import type { BlockContent, DefinitionContent, ListItem, PhrasingContent, Root } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { Fragment, type Mark, type Node, type Slice } from "prosemirror-model";
import { footnote, leadsSomewhere, schema } from "./schema";

const { nodes, marks } = schema;

/** A footnote stands where it is spoken of. */
const NOTE = /\^\[([^\]]+)\]/;

/** Blocks for a text; what our schema lacks becomes what it was written as. */
export function blocksFrom(text: string): Node[] {
  const root: Root = fromMarkdown(text);
  const blocks = root.children.flatMap((child) => block(child as BlockContent, text));
  return blocks.length > 0 ? blocks : [nodes.paragraph.create()];
}

function block(node: BlockContent | DefinitionContent, source: string): Node[] {
  switch (node.type) {
    case "paragraph":
      return [nodes.paragraph.create(null, inline(node.children, [], source))];
    case "heading":
      return [nodes.heading.create({ level: Math.min(node.depth, 4) }, inline(node.children, [], source))];
    case "thematicBreak":
      return [nodes.scene_break.create()];
    case "code":
      return [nodes.code_block.create(null, node.value === "" ? null : schema.text(node.value))];
    case "blockquote": {
      const inner = node.children.flatMap((child) => block(child, source));
      return [nodes.blockquote.create(null, inner.length > 0 ? inner : nodes.paragraph.create())];
    }
    case "list": {
      const items = node.children.map((one) => item(one, source));
      return [
        node.ordered === true
          ? nodes.ordered_list.create({ order: node.start ?? 1 }, items)
          : nodes.bullet_list.create(null, items),
      ];
    }
    default: {
      const words = wordsOf(node, source);
      return words === "" ? [] : [nodes.paragraph.create(null, schema.text(words))];
    }
  }
}

function item(node: ListItem, source: string): Node {
  const inner = node.children.flatMap((child) => block(child, source));
  const first = inner[0]?.type === nodes.paragraph ? [] : [nodes.paragraph.create()];
  return nodes.list_item.create(null, [...first, ...inner]);
}

function inline(children: readonly PhrasingContent[], around: readonly Mark[], source: string): Node[] {
  const text = (words: string, more: readonly Mark[] = around) => (words === "" ? [] : [schema.text(words, more)]);
  const within = (mark: Mark) => mark.addToSet(around);
  return children.flatMap((node): Node[] => {
    switch (node.type) {
      case "text":
        return node.value
          .replace(/\s*\n\s*/g, " ")
          .split(NOTE)
          .flatMap((piece, at) => (at % 2 === 0 ? text(piece) : (footnote(piece) ?? [])));
      case "emphasis":
        return inline(node.children, within(marks.em.create()), source);
      case "strong":
        return inline(node.children, within(marks.strong.create()), source);
      case "inlineCode":
        return text(node.value, within(marks.code.create()));
      case "link":
        return inline(
          node.children,
          leadsSomewhere(node.url) ? within(marks.link.create({ href: node.url })) : around,
          source,
        );
      case "break":
        return [nodes.hard_break.create(null, null, around)];
      default:
        return text(wordsOf(node, source));
    }
  });
}

function wordsOf(
  node: { position?: { start: { offset?: number | undefined }; end: { offset?: number | undefined } } | undefined },
  source: string,
): string {
  return source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0).trim();
}

/** What is selected, as Markdown. */
export function markdownOf(slice: Slice | Fragment): string {
  const content = slice instanceof Fragment ? slice : slice.content;
  const out: string[] = [];
  // A model is given no pictures, and takes none away.
  const words = content.content.filter(({ type }) => type !== nodes.picture);
  for (const node of words) out.push(node.isInline ? line(Fragment.from(node)) : blockText(node));
  return content.firstChild?.isInline === true ? out.join("") : out.join("\n\n");
}

function blockText(node: Node): string {
  const indented = (text: string, first: string, rest: string) => first + text.replaceAll("\n", `\n${rest}`);
  switch (node.type) {
    case nodes.heading:
      return `${"#".repeat(node.attrs["level"] as number)} ${line(node.content)}`;
    case nodes.blockquote:
      return indented(markdownOf(node.content), "> ", "> ");
    case nodes.bullet_list:
      return itemsOf(node)
        .map((text) => indented(text, "- ", "  "))
        .join("\n");
    case nodes.ordered_list:
      return itemsOf(node)
        .map((text, at) => indented(text, `${(node.attrs["order"] as number) + at}. `, "   "))
        .join("\n");
    case nodes.code_block:
      return `\`\`\`\n${node.textContent}\n\`\`\``;
    case nodes.scene_break:
      return "***";
    default:
      return line(node.content);
  }
}

function itemsOf(list: Node): string[] {
  return list.children.map((one) => markdownOf(one.content));
}

function line(content: Fragment): string {
  let out = "";
  for (const node of content.content) {
    if (node.type === nodes.footnote) {
      out += `^[${(node.attrs["text"] as string).replace(/[\s[\]]+/g, " ")}]`;
      continue;
    }
    if (node.type === nodes.hard_break) {
      out += "  \n";
      continue;
    }
    const has = (name: string) => node.marks.some(({ type }) => type.name === name);
    const sign = has("code") ? "`" : `${has("strong") ? "**" : ""}${has("em") ? "*" : ""}`;
    const words = node.text ?? "";
    const [, before = "", inner = "", after = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(words) ?? [];
    out += sign === "" || inner === "" ? words : before + sign + inner + [...sign].reverse().join("") + after;
  }
  return out;
}

/** Whether it is words of one paragraph that carry no more than where they came from. */
export function isPlain({ content }: Slice): boolean {
  const only = content.childCount === 1 ? content.firstChild : null;
  const line = only?.isTextblock === true ? only.content : content;
  const bare = (node: Node) => node.isText && node.marks.every(({ type }) => type === marks.origin);
  return line.childCount > 0 && line.content.every(bare);
}
