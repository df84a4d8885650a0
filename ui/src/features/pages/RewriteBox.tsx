/** What should be done with the words that are selected: one of the usual things, or the user's own. */
import { useEffect, useRef, useState } from "react";
import { Icon } from "../../components/Icon";
import { composing } from "../../components/keys";
import { rove } from "../../components/rove";
import { useChosen } from "../../session/context";
import { CHOICES, type Choices, chosen, TASKS } from "./commands";
import type { OwnCommands } from "./useOwnCommands";
import type { Wish } from "./useProposal";

interface Props {
  place: { left: number; top: number };
  own: OwnCommands;
  onAsk: (wish: Wish) => void;
  onClose: () => void;
}

/** How many answers are asked for where the user wants to choose. */
const SEVERAL = 3;
/** So many of the user's own have a key. */
const NUMBERED = 9;

export function RewriteBox({ place, own, onAsk, onClose }: Props) {
  const [words, setWords] = useState("");
  const [several, setSeveral] = useState(false);
  const [elsewhere, setElsewhere] = useState(false);
  const cloud = useChosen((state) => state.cloud.on);
  /** What needs one more word. */
  const [choice, setChoice] = useState<Choices | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    const away = (event: Event) => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) latest.current();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, []);
  // Each of its pages begins with a field.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is another one then
  useEffect(() => box.current?.querySelector<HTMLElement>("input[type=text]")?.focus(), [choice]);
  const ask = (wish: Wish) => onAsk({ ...wish, count: several ? SEVERAL : 1, elsewhere });
  const said = words.trim();
  const turn = (to: Choices | null) => {
    setWords("");
    setChoice(to);
  };
  return (
    <div
      ref={box}
      className="rewrite-box"
      role="dialog"
      aria-label="Rewrite the selection"
      style={place}
      onPointerUp={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (composing(event.nativeEvent)) return;
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          if (choice) turn(null);
          else onClose();
        } else rove(event, "input[type=text], li > button:first-child");
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (said !== "") ask(choice ? chosen(choice, said) : { command: "own", words: said });
        }}
      >
        {choice && (
          <button type="button" className="icon-button" aria-label="Back" onClick={() => turn(null)}>
            <Icon name="left" />
          </button>
        )}
        <input
          type="text"
          aria-label={choice ? choice.name : "What should change"}
          placeholder={choice ? choice.hint : "Make her angrier…"}
          dir="auto"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="quiet" disabled={said === ""}>
          Ask
        </button>
      </form>
      {choice ? (
        <ul>
          {choice.words.map((word) => (
            <li key={word}>
              <button type="button" onClick={() => ask(chosen(choice, word))}>
                {word}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <>
          {said !== "" && (
            <button type="button" className="link rewrite-keep" onClick={() => void own.keep(said)}>
              Keep these words as a command
            </button>
          )}
          <ul>
            {own.all.map(({ id, name, words: told }, at) => (
              <li key={id} className="rewrite-own">
                <button
                  type="button"
                  aria-keyshortcuts={at < NUMBERED ? `Alt+${at + 1}` : undefined}
                  onClick={() => ask({ command: "own", words: told })}
                >
                  <span dir="auto">{name}</span>
                  {at < NUMBERED && <kbd>Alt {at + 1}</kbd>}
                </button>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`Forget “${name}”`}
                  onClick={() => void own.forget(id)}
                >
                  <Icon name="close" />
                </button>
              </li>
            ))}
            {TASKS.map(({ command, name }) => (
              <li key={command}>
                <button type="button" onClick={() => ask({ command })}>
                  {name}
                </button>
              </li>
            ))}
            {CHOICES.map((one) => (
              <li key={one.command}>
                <button type="button" aria-haspopup="dialog" onClick={() => turn(one)}>
                  <span>{one.name}</span>
                  <Icon name="right" />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      <label className="check rewrite-several">
        <input
          type="checkbox"
          checked={several && !elsewhere}
          disabled={elsewhere}
          onChange={(event) => setSeveral(event.target.checked)}
        />{" "}
        Three to choose from
      </label>
      {cloud && (
        <label className="check rewrite-several">
          <input type="checkbox" checked={elsewhere} onChange={(event) => setElsewhere(event.target.checked)} /> In the
          cloud, this once
        </label>
      )}
    </div>
  );
}
