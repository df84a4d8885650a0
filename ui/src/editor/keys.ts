/** The keys of a page, and what a few signs at the beginning of a line become. */
import { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import {
  ellipsis,
  emDash,
  InputRule,
  inputRules,
  smartQuotes,
  textblockTypeInputRule,
  wrappingInputRule,
} from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { type Command, type EditorState, type Plugin, TextSelection } from "prosemirror-state";
import { schema } from "./schema";

const { nodes, marks } = schema;

const newLine: Command = (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent || state.selection.$from.parent.type.spec.code) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

const sceneBreak: Command = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.depth !== 1) return false;
  if (dispatch) {
    const after = $from.after(1);
    const transaction = state.tr.insert(after, [nodes.scene_break.create(), nodes.paragraph.create()]);
    dispatch(transaction.setSelection(TextSelection.near(transaction.doc.resolve(after + 2))).scrollIntoView());
  }
  return true;
};

/** Into a quote, and out of the one it is in. */
function toggled(type: typeof nodes.blockquote): Command {
  return (state, dispatch, view) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1)
      if ($from.node(depth).type === type) return lift(state, dispatch, view);
    return wrapIn(type)(state, dispatch, view);
  };
}

/** What can be done to the selection, by name: the menus and the keys do the same. */
export const format = {
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  strike: toggleMark(marks.strike),
  code: toggleMark(marks.code),
  paragraph: setBlockType(nodes.paragraph),
  heading1: setBlockType(nodes.heading, { level: 1 }),
  heading2: setBlockType(nodes.heading, { level: 2 }),
  heading3: setBlockType(nodes.heading, { level: 3 }),
  quote: toggled(nodes.blockquote),
  bullets: wrapInList(nodes.bullet_list),
  numbers: wrapInList(nodes.ordered_list),
  codeBlock: setBlockType(nodes.code_block),
  sceneBreak,
} satisfies Record<string, Command>;

export type Format = keyof typeof format;

const LEVELS: Partial<Record<Format, number>> = { heading1: 1, heading2: 2, heading3: 3 };

/** Whether the selection looks so already. */
export function isActive(state: EditorState, of: Format): boolean {
  const { $from, from, to, empty } = state.selection;
  if (of === "strong" || of === "em" || of === "strike" || of === "code") {
    if (empty) return (state.storedMarks ?? $from.marks()).some(({ type }) => type === marks[of]);
    return state.doc.rangeHasMark(from, to, marks[of]);
  }
  const { parent } = $from;
  if (of in LEVELS) return parent.type === nodes.heading && parent.attrs["level"] === LEVELS[of];
  const around = (type: typeof nodes.blockquote) =>
    Array.from({ length: $from.depth }, (_, depth) => $from.node(depth + 1)).some((node) => node.type === type);
  if (of === "quote") return around(nodes.blockquote);
  if (of === "bullets") return around(nodes.bullet_list);
  if (of === "numbers") return around(nodes.ordered_list);
  if (of === "codeBlock") return parent.type === nodes.code_block;
  return of === "paragraph" && parent.type === nodes.paragraph;
}

export function keys(): Plugin[] {
  return [
    keymap({
      "Mod-z": undo,
      "Shift-Mod-z": redo,
      "Mod-y": redo,
      "Mod-b": format.strong,
      "Mod-i": format.em,
      "Mod-Shift-x": format.strike,
      "Mod-Alt-0": format.paragraph,
      "Mod-Alt-1": format.heading1,
      "Mod-Alt-2": format.heading2,
      "Mod-Alt-3": format.heading3,
      "Mod-Shift-9": format.quote,
      "Mod-Shift-8": format.bullets,
      "Mod-Shift-7": format.numbers,
      "Mod-Enter": chainCommands(exitCode, sceneBreak),
      "Shift-Enter": chainCommands(exitCode, newLine),
      Enter: splitListItem(nodes.list_item),
      // Elsewhere Tab leaves the page, as it leaves any field.
      Tab: sinkListItem(nodes.list_item),
      "Shift-Tab": liftListItem(nodes.list_item),
    }),
    keymap(baseKeymap),
  ];
}

const OPEN_AND_CLOSE: Record<string, [string, string, string, string]> = {
  de: ["„", "“", "‚", "‘"],
  cs: ["„", "“", "‚", "‘"],
  pl: ["„", "”", "‚", "’"],
  fr: ["«\u202f", "\u202f»", "‹\u202f", "\u202f›"],
  es: ["«", "»", "“", "”"],
  it: ["«", "»", "“", "”"],
  pt: ["«", "»", "“", "”"],
  ru: ["«", "»", "„", "“"],
  uk: ["«", "»", "„", "“"],
  da: ["»", "«", "›", "‹"],
  sv: ["”", "”", "’", "’"],
  fi: ["”", "”", "’", "’"],
  ja: ["「", "」", "『", "』"],
};

/** Quotes as the language writes them; an apostrophe is the same everywhere. */
function quotes(language: string): readonly InputRule[] {
  const [tongue = ""] = language.toLowerCase().split("-");
  const signs = OPEN_AND_CLOSE[tongue];
  if (!signs) return smartQuotes;
  const [open, close, openInner, closeInner] = signs;
  const begins = "(?:^|[\\s{[(<'\"\u2018\u201C\u00AB\u201E])";
  return [
    new InputRule(new RegExp(`${begins}(")$`), open),
    new InputRule(/"$/, close),
    new InputRule(new RegExp(`${begins}(')$`), openInner),
    new InputRule(/(?<=\p{L})'$/u, "’"),
    new InputRule(/'$/, closeInner),
  ];
}

/** In code signs stay as they are typed. */
function outsideCode(rule: InputRule): InputRule {
  rule.inCodeMark = false;
  return rule;
}

const breakRule = new InputRule(/^(?:\*\*\*|---|—-|\* \* \*)$/, (state, _match, start, end) => {
  const $start = state.doc.resolve(start);
  if ($start.depth !== 1 || $start.parent.type !== nodes.paragraph || end !== $start.end()) return null;
  const from = $start.before(1);
  const transaction = state.tr.replaceWith(from, $start.after(1), [
    nodes.scene_break.create(),
    nodes.paragraph.create(),
  ]);
  return transaction.setSelection(TextSelection.create(transaction.doc, from + 2));
});

export function habits(language: string): Plugin {
  return inputRules({
    rules: [
      breakRule,
      textblockTypeInputRule(/^(#{1,4})\s$/, nodes.heading, (match) => ({ level: match[1]?.length ?? 1 })),
      wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
      wrappingInputRule(/^\s*([-+*])\s$/, nodes.bullet_list),
      wrappingInputRule(
        /^\s*(\d{1,4})\.\s$/,
        nodes.ordered_list,
        (match) => ({ order: Number(match[1]) }),
        (match, before) => before.childCount + (before.attrs["order"] as number) === Number(match[1]),
      ),
      textblockTypeInputRule(/^```$/, nodes.code_block),
      ...[ellipsis, emDash, ...quotes(language)].map(outsideCode),
    ],
  });
}
