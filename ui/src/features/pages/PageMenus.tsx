/** What stands at the right of a page's title: how it looks, and what can be done with it. */
import type { EditorView } from "prosemirror-view";
import { shortcut } from "../../components/keys";
import { Menu, type MenuItem } from "../../components/Menu";
import { type Anchor, MenuList } from "../../components/MenuList";
import { type Format, format } from "../../editor/keys";
import { TASKS } from "./commands";
import type { Wish } from "./useProposal";

const FORMATS: { of: Format; name: string; keys?: string }[] = [
  { of: "paragraph", name: "Paragraph", keys: "Ctrl Alt 0" },
  { of: "heading1", name: "Title", keys: "Ctrl Alt 1" },
  { of: "heading2", name: "Heading", keys: "Ctrl Alt 2" },
  { of: "heading3", name: "Small heading", keys: "Ctrl Alt 3" },
  { of: "quote", name: "Quote", keys: shortcut("9", true) },
  { of: "bullets", name: "List", keys: shortcut("8", true) },
  { of: "numbers", name: "Numbered list", keys: shortcut("7", true) },
  { of: "sceneBreak", name: "Scene break", keys: shortcut("Enter") },
  { of: "codeBlock", name: "Code" },
  { of: "strong", name: "Bold", keys: shortcut("B") },
  { of: "em", name: "Italic", keys: shortcut("I") },
  { of: "strike", name: "Struck through", keys: shortcut("X", true) },
];

interface FormatProps {
  view: () => EditorView | null;
  onFootnote: () => void;
  onPicture: () => void;
}

export function FormatMenu({ view, onFootnote, onPicture }: FormatProps) {
  const items: MenuItem[] = FORMATS.map(({ of, name, keys }) => ({
    name,
    keys,
    act: () => {
      const editor = view();
      if (!editor) return;
      format[of](editor.state, editor.dispatch);
      editor.focus();
    },
  }));
  return (
    <Menu
      name="How it looks"
      icon="letters"
      items={[
        ...items,
        { name: "Footnote…", keys: "Ctrl Alt F", act: onFootnote },
        { name: "Insert picture…", act: onPicture },
      ]}
    />
  );
}

interface SelectionProps {
  anchor: Anchor;
  onComment: () => void;
  /** Absent, where nothing may be proposed. */
  onAsk: ((wish: Wish) => void) | undefined;
  onOwnWords: () => void;
  onClose: (back: boolean) => void;
  view: () => EditorView | null;
}

/** By right click: what can be done with what is selected. */
export function SelectionMenu({ anchor, onComment, onAsk, onOwnWords, onClose, view }: SelectionProps) {
  const copy = (how: "copy" | "cut") => {
    view()?.focus();
    document.execCommand(how);
  };
  return (
    <MenuList
      name="The selection"
      anchor={anchor}
      items={[
        { name: "Cut", act: () => copy("cut") },
        { name: "Copy", act: () => copy("copy") },
        { name: "Comment…", keys: "Ctrl Alt M", act: onComment },
        ...(onAsk ? TASKS.map(({ command, name }) => ({ name, act: () => onAsk({ command }) })) : []),
        ...(onAsk ? [{ name: "In my own words…", keys: shortcut("E"), act: onOwnWords }] : []),
      ]}
      onClose={onClose}
    />
  );
}
