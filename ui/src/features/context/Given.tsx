/** What the model is given with the next message: part by part, with its size, and what was left out. */
import { useMemo } from "react";
import type { MessageView, SettingsView, Thread } from "../../backend/client";
import { figure, plural } from "../../components/plural";
import { countWords } from "../../components/words";
import { useChosen } from "../../session/context";

interface Part {
  name: string;
  words: number;
  /** Its size, as it is said. */
  said: string;
}

const MOODS: Record<SettingsView["mood"], string> = {
  precise: "Precise",
  balanced: "Balanced",
  imaginative: "Imaginative",
};

export function Given({ thread, notes }: { thread: Thread; notes: string }) {
  const settings = useChosen((state) => state.settings);
  // How much it holds is known once it is loaded.
  const holds = useChosen(({ engine }) => (engine.state === "ready" && !thread.goesTo ? engine.holds : null));
  const { instructions, messages, branch } = thread;
  const parts = useMemo(
    () => partsOf(instructions, notes, messages, branch.length),
    [instructions, notes, messages, branch.length],
  );
  const all = parts.reduce((sum, { words }) => sum + words, 0);
  const pictures = messages.reduce((sum, message) => sum + message.pictures.length, 0) + thread.attached.length;
  const leftOut = messages.findLast(({ role }) => role === "assistant")?.remark;
  return (
    <section className="given" aria-labelledby="given-heading">
      <h3 id="given-heading">What it is given</h3>
      {all > 0 && (
        <div className="given-bar" aria-hidden="true">
          {parts.map(
            ({ name, words }) => words > 0 && <span key={name} data-part={name} style={{ flexGrow: words }} />,
          )}
          {holds !== null && holds > all && <span className="given-room" style={{ flexGrow: holds - all }} />}
        </div>
      )}
      <dl className="given-parts">
        {parts.map(({ name, said }) => (
          <div key={name} data-part={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
        {pictures > 0 && (
          <div>
            <dt>Pictures</dt>
            <dd>{figure(pictures)}</dd>
          </div>
        )}
        {!thread.goesTo && (
          <>
            <div>
              <dt>Mood</dt>
              <dd>{MOODS[settings.mood]}</dd>
            </div>
            <div>
              <dt>Never written</dt>
              <dd>
                {settings.bannedPhrases.length === 0 ? "nothing" : plural(settings.bannedPhrases.length, "phrase")}
              </dd>
            </div>
          </>
        )}
      </dl>
      {branch.length > 0 && <p className="hint">{leftOut || "Nothing was left out."}</p>}
      {holds !== null && (
        <p className="hint">{`${figure(all)} of about ${plural(holds, "word")} that it holds in mind.`}</p>
      )}
    </section>
  );
}

function partsOf(instructions: string, notes: string, messages: readonly MessageView[], count: number): Part[] {
  const part = (name: string, text: string): Part => {
    const words = countWords(text);
    return { name, words, said: words === 0 ? "none" : plural(words, "word") };
  };
  const known = messages.reduce((sum, { text }) => sum + countWords(text), 0);
  // Only the end of a long conversation is in the window: the rest is judged by it.
  const whole = messages.length >= count;
  const words = whole || messages.length === 0 ? known : Math.round((known * count) / messages.length / 100) * 100;
  const said = count === 0 ? "none yet" : `${figure(count)} · ${whole ? "" : "about "}${plural(words, "word")}`;
  return [part("Instructions", instructions), part("Notes", notes), { name: "Messages", words, said }];
}
