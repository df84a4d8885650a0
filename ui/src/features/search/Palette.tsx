/** Everything one can do or open, by its name. */
import { useState } from "react";
import { Dialog } from "../../components/Dialog";
import { type Choice, Picker } from "../../components/Picker";
import { useChosen, useSession } from "../../session/context";

export interface Action {
  name: string;
  keys?: string | undefined;
  act: () => void;
}

const MOST_CONVERSATIONS = 30;

export function Palette({ actions, onClose }: { actions: Action[]; onClose: () => void }) {
  const session = useSession();
  const library = useChosen((state) => state.library);
  const [query, setQuery] = useState("");
  const words = fold(query).split(/\s+/).filter(Boolean);
  const matches = (name: string) => words.every((word) => fold(name).includes(word));
  const after = (act: () => void) => () => {
    onClose();
    act();
  };

  const choices: Choice[] = [
    ...actions
      .filter(({ name }) => matches(name))
      .map(({ name, keys, act }) => ({
        key: name,
        act: after(act),
        content: (
          <span className="hit-title">
            <span>{name}</span>
            {keys && <kbd>{keys}</kbd>}
          </span>
        ),
      })),
    ...(library?.projects ?? [])
      .filter(({ name }) => matches(name))
      .map(({ id, name }) => ({
        key: `project ${id}`,
        act: after(() => session.openProject(id)),
        content: <Named name={name} kind="Project" />,
      })),
    ...(library?.pages ?? [])
      .filter(({ title }) => title !== "" && matches(title))
      .slice(0, MOST_CONVERSATIONS)
      .map(({ id, title }) => ({
        key: `page ${id}`,
        act: after(() => session.openPage(id)),
        content: <Named name={title} kind="Page" />,
      })),
    ...(library?.conversations ?? [])
      .filter(({ title }) => title !== "" && matches(title))
      .slice(0, MOST_CONVERSATIONS)
      .map(({ id, title }) => ({
        key: `conversation ${id}`,
        act: after(() => void session.open(id)),
        content: <Named name={title} kind="Conversation" />,
      })),
  ];

  return (
    <Dialog title="Commands" onClose={onClose} bare wide>
      <Picker
        label="Commands and conversations"
        placeholder="Go to, or do"
        query={query}
        onQuery={setQuery}
        choices={choices}
        empty="Nothing has that name."
      />
    </Dialog>
  );
}

function Named({ name, kind }: { name: string; kind: string }) {
  return (
    <span className="hit-title">
      <span dir="auto">{name}</span>
      <span className="count">{kind}</span>
    </span>
  );
}

/** "Café" is found by "cafe". */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
