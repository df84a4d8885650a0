/**
 * What the model is given with the next message: part by part, with its size and a switch, and what was
 * left out. What the user writes next has no switch: it is always given.
 */
import { useMemo } from "react";
import type { ChatPart, MessageView, ProjectView, Thread } from "../../backend/client";
import { GivenPart } from "../../components/GivenPart";
import { moodName, samePhrase } from "../../components/moods";
import { figure, plural } from "../../components/plural";
import { countWords } from "../../components/words";
import { useChosen, useSession } from "../../session/context";

interface Part {
  part: ChatPart;
  name: string;
  words: number;
  /** Its size, as it is said. */
  said: string;
  /** Nothing is there that could be left out. */
  none: boolean;
}

export function Given({ thread, project }: { thread: Thread; project: ProjectView | undefined }) {
  const session = useSession();
  const settings = useChosen((state) => state.settings);
  // How much it holds is known once it is loaded.
  const holds = useChosen(({ engine }) => (engine.state === "ready" && !thread.goesTo ? engine.holds : null));
  const { instructions, messages, branch, leftOut } = thread;
  const notes = project?.notes ?? "";
  const parts = useMemo(
    () => partsOf(instructions, notes, messages, branch.length),
    [instructions, notes, messages, branch.length],
  );
  const isOut = (part: ChatPart) => leftOut.includes(part) || (part === "pictures" && leftOut.includes("earlier"));
  const shown = parts.filter(({ part, none }) => part !== "pictures" || !none || isOut(part));
  const given = parts.filter(({ part }) => !isOut(part));
  const all = given.reduce((sum, { words }) => sum + words, 0);
  const remark = messages.findLast(({ role }) => role === "assistant")?.remark;
  const banned = [
    ...settings.bannedPhrases,
    ...(project?.bannedPhrases ?? []).filter((one) => !settings.bannedPhrases.some((other) => samePhrase(one, other))),
  ];
  return (
    <section className="given" aria-labelledby="given-heading">
      <h3 id="given-heading">What it is given</h3>
      {all > 0 && (
        <div className="given-bar" aria-hidden="true">
          {given.map(
            ({ part, words }) => words > 0 && <span key={part} data-part={part} style={{ flexGrow: words }} />,
          )}
          {holds !== null && holds > all && <span className="given-room" style={{ flexGrow: holds - all }} />}
        </div>
      )}
      <ul>
        {shown.map(({ part, name, said, none }) => {
          const out = isOut(part);
          const own = leftOut.includes(part);
          return (
            <GivenPart
              key={part}
              part={part}
              name={name}
              said={out ? "left out by you" : said}
              given={!out}
              // A picture that was left out with what was said comes back with it.
              onGiven={
                (out && !own) || (none && !out) ? undefined : (on) => void session.leaveOut(thread.id, part, !on)
              }
            />
          );
        })}
        {thread.attached.length > 0 && (
          <GivenPart part="attached" name="Pictures with your message" said={figure(thread.attached.length)} given />
        )}
      </ul>
      {!thread.goesTo && (
        <dl className="given-held">
          <div>
            <dt>Mood</dt>
            <dd>
              {moodName(project?.mood ?? settings.mood)}
              {project?.mood && ", in this project"}
            </dd>
          </div>
          <div>
            <dt>Never written</dt>
            <dd>{banned.length === 0 ? "nothing" : plural(banned.length, "phrase")}</dd>
          </div>
        </dl>
      )}
      {leftOut.length > 0 && (
        <p className="hint">
          What is switched off is left out from your next message on. What you write always goes in.
        </p>
      )}
      {branch.length > 0 && (remark || leftOut.length === 0) && (
        <p className="hint">{remark || "Nothing was left out."}</p>
      )}
      {holds !== null && (
        <p className="hint">{`${figure(all)} of about ${plural(holds, "word")} that it holds in mind.`}</p>
      )}
    </section>
  );
}

function partsOf(instructions: string, notes: string, messages: readonly MessageView[], count: number): Part[] {
  const text = (part: ChatPart, name: string, text: string): Part => {
    const words = countWords(text);
    return { part, name, words, said: words === 0 ? "none" : plural(words, "word"), none: words === 0 };
  };
  const known = messages.reduce((sum, { text }) => sum + countWords(text), 0);
  // Only the end of a long conversation is in the window: the rest is judged by it.
  const whole = messages.length >= count;
  const words = whole || messages.length === 0 ? known : Math.round((known * count) / messages.length / 100) * 100;
  const said = count === 0 ? "none yet" : `${figure(count)} · ${whole ? "" : "about "}${plural(words, "word")}`;
  const pictures = messages.reduce((sum, message) => sum + message.pictures.length, 0);
  return [
    text("instructions", "Instructions", instructions),
    text("notes", "Notes", notes),
    { part: "earlier", name: "Earlier messages", words, said, none: count === 0 },
    { part: "pictures", name: "Earlier pictures", words: 0, said: figure(pictures), none: pictures === 0 },
  ];
}
