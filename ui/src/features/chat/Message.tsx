/** One message, the user's or the model's, and what can be done with it. */
import { type KeyboardEvent, memo, useEffect, useRef, useState } from "react";
import type { MessageView } from "../../backend/client";
import { Copy } from "../../components/Copy";
import { Icon } from "../../components/Icon";
import { Menu } from "../../components/Menu";
import { plural } from "../../components/plural";
import { Prose } from "../../components/prose/Prose";
import { Trouble } from "../../components/Trouble";
import { countWords, wholeWords } from "../../components/words";
import { useChosen, useSession } from "../../session/context";
import { takesProposals } from "../../session/places";
import { severalHere } from "../../session/state";
import { Badge } from "./Badge";
import { Elsewhere } from "./Elsewhere";
import { markWords } from "./markWords";
import { PROPOSE } from "./offered";
import { Pictures } from "./Pictures";
import { Rewrite } from "./Rewrite";
import { Thoughts } from "./Thoughts";
import "./message.css";

interface Props {
  conversation: number;
  message: MessageView;
  last: boolean;
  /** The one message that Tab stops at; the arrows go to the others. */
  current: boolean;
  /** When it was searched for, if it was. */
  searchTarget: number | null;
  onCurrent: (id: number) => void;
}

export const Message = memo(function Message({ conversation, message, last, current, searchTarget, onCurrent }: Props) {
  const session = useSession();
  const article = useRef<HTMLElement>(null);
  const rewriting = useChosen((state) => state.rewriting === message.id);
  const [tinted, setTinted] = useState(false);
  const fromUser = message.role === "user";
  const cloud = useChosen((state) => state.cloud.on);
  const several = useChosen(severalHere);
  const { made } = message;
  const offers = useChosen(takesProposals) && made !== null;

  useEffect(() => {
    if (searchTarget === null) return;
    const unmark = article.current && markWords(article.current, session.state.searchTarget?.words ?? []);
    article.current?.scrollIntoView?.({ block: "center" });
    article.current?.focus({ preventScroll: true });
    setTinted(true);
    const timer = setTimeout(() => setTinted(false), 2400);
    return () => {
      clearTimeout(timer);
      unmark?.();
    };
  }, [searchTarget, session]);

  const step = (to: number | null) => to !== null && void session.chooseAlternative(to);
  const pressed = (event: KeyboardEvent) => {
    const inField = event.target instanceof HTMLElement && event.target.matches("textarea, input, pre, .grid");
    if (inField || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft") step(message.alternatives.previous);
    else if (event.key === "ArrowRight") step(message.alternatives.next);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const beside = event.key === "ArrowUp" ? "previousElementSibling" : "nextElementSibling";
      const other = article.current?.[beside];
      if (!(other instanceof HTMLElement) || !other.matches("article")) return;
      event.preventDefault();
      other.focus();
    }
  };

  // Why it broke off is stored with it, and stands above as long as it is news.
  const told = useChosen((state) => state.answerTroubles.get(message.id)?.sentence);
  const remark = told && message.state === "interrupted" ? message.remark?.replace(told, "").trim() : message.remark;

  return (
    <article
      ref={article}
      aria-label={fromUser ? "You" : "Answer"}
      data-message={message.id}
      data-state={fromUser ? undefined : message.state}
      aria-busy={message.state === "streaming" || undefined}
      className={`${fromUser ? "from-user" : "answer"}${tinted ? " tinted" : ""}${last ? " last" : ""}`}
      tabIndex={current ? 0 : -1}
      onFocus={() => onCurrent(message.id)}
      onKeyDown={pressed}
    >
      {fromUser && rewriting ? (
        <Rewrite conversation={conversation} message={message} />
      ) : fromUser ? (
        <div className="own">
          <Pictures pictures={message.pictures} />
          {message.text !== "" && <Own text={message.text} open={searchTarget !== null} />}
        </div>
      ) : (
        <Answer conversation={conversation} message={message} />
      )}
      {remark && !fromUser && <p className="ending">{remark}</p>}
      {message.state !== "streaming" && !rewriting && (
        <footer>
          {!fromUser && message.made && <Badge made={message.made} text={message.text} tabbable={current} />}
          <div className="actions">
            <Alternatives message={message} tabbable={current} onStep={step} />
            <Copy
              text={message.text}
              tabIndex={current ? 0 : -1}
              shown={() => article.current?.querySelector(".prose") ?? null}
            />
            {fromUser ? (
              <button
                type="button"
                className="plain"
                tabIndex={current ? 0 : -1}
                onClick={() => session.rewrite(message.id)}
              >
                Edit
              </button>
            ) : (
              <button
                type="button"
                className="plain"
                title="Write another answer; this one is kept"
                tabIndex={current ? 0 : -1}
                onClick={() => void session.asking.regenerate(conversation, message.id)}
              >
                Another version
              </button>
            )}
            {!fromUser && (cloud || several || offers) && (
              <Menu
                name="More about this answer"
                up
                tabIndex={current ? 0 : -1}
                items={[
                  ...(offers && made ? [{ name: PROPOSE, act: () => session.beside.propose(message.text, made) }] : []),
                  ...(cloud || several
                    ? [
                        {
                          name: "Compare with another model…",
                          act: () => session.cloud.choose({ for: "beside", conversation, answer: message.id }),
                        },
                      ]
                    : []),
                  ...(cloud
                    ? [
                        {
                          name: "Do this one in the cloud…",
                          act: () => session.cloud.choose({ for: "answer", conversation, id: message.id }),
                        },
                      ]
                    : []),
                ]}
              />
            )}
          </div>
        </footer>
      )}
    </article>
  );
});

/** So much of a message is read at a glance; a whole chapter is folded until it is asked for. */
const LONG = 2_500;

function Own({ text, open }: { text: string; open: boolean }) {
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG;
  const folded = long && !whole && !open;
  return (
    <>
      <p dir="auto" className={folded ? "folded" : undefined}>
        {folded ? text.slice(0, LONG) : text}
      </p>
      {long && !open && (
        <button type="button" className="plain strong unfold" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? "Show less" : `Show all ${plural(countWords(text), "word")}`}
        </button>
      )}
    </>
  );
}

function Answer({ conversation, message }: { conversation: number; message: MessageView }) {
  const live = useChosen((state) => {
    const run = state.runs.get(conversation);
    return run?.message === message.id ? run.text : null;
  });
  const trouble = useChosen((state) => state.answerTroubles.get(message.id));
  const repeats = useChosen(({ settings }) => settings.seed !== null) && repeatable(message);
  const growing = message.state === "streaming";
  const text = growing ? wholeWords(live ?? message.text) : message.text;
  return (
    <>
      <Thoughts answer={message.id} />
      <Prose text={text} growing={growing} />
      {trouble && message.state === "interrupted" ? (
        <Trouble sentence={trouble.sentence} page={trouble.page} />
      ) : (
        !(message.state === "interrupted" && message.remark) && <Ending conversation={conversation} message={message} />
      )}
      {trouble && message.state !== "interrupted" && !message.remark?.includes(trouble.sentence) && (
        <p className="ending">{trouble.sentence}</p>
      )}
      {repeats && <p className="ending">{REPEATS}</p>}
      {message.state === "interrupted" && message.made?.place === "device" && (
        <Elsewhere conversation={conversation} answer={message.id} />
      )}
    </>
  );
}

/** Another version, made here: with a seed it is the one that was there. */
function repeatable({ state, made, alternatives }: MessageView): boolean {
  return state === "complete" && made?.place === "device" && alternatives.count > 1 && alternatives.next === null;
}

const REPEATS =
  "A seed is set, so another version says the same each time. Empty it in Settings, Writing, Advanced, for a new one.";

const CUT_OFF = "This answer was cut off before its end.";
const NOTHING_CAME = "No answer came. Your message is safe.";

/** How an answer ended, where it did not end by itself. */
function Ending({ conversation, message }: { conversation: number; message: MessageView }) {
  const session = useSession();
  switch (message.state) {
    case "stopped":
      return <p className="ending">Stopped. Your text is safe.</p>;
    case "interrupted":
      return <p className="ending">{message.text === "" ? NOTHING_CAME : CUT_OFF}</p>;
    case "cut_at_length":
      return (
        <p className="ending">
          This answer reached the longest length allowed.{" "}
          <button
            type="button"
            className="plain strong"
            onClick={() => void session.asking.send(conversation, "Continue.", () => {})}
          >
            Ask to continue
          </button>
        </p>
      );
    case "streaming":
    case "complete":
      return null;
  }
}

interface AlternativesProps {
  message: MessageView;
  tabbable: boolean;
  onStep: (to: number | null) => void;
}

function Alternatives({ message: { alternatives }, tabbable, onStep }: AlternativesProps) {
  if (alternatives.count < 2) return null;
  const { position, count, previous, next } = alternatives;
  return (
    <span className="alternatives" role="group" aria-label="Versions">
      <button
        type="button"
        className="icon-button"
        aria-label="Previous version"
        aria-disabled={previous === null}
        tabIndex={tabbable ? 0 : -1}
        onClick={() => onStep(previous)}
      >
        <Icon name="left" />
      </button>
      <span>{`${position} of ${count}`}</span>
      <button
        type="button"
        className="icon-button"
        aria-label="Next version"
        aria-disabled={next === null}
        tabIndex={tabbable ? 0 : -1}
        onClick={() => onStep(next)}
      >
        <Icon name="right" />
      </button>
    </span>
  );
}
