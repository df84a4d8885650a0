/** What holds for a page: its language, the heading that it stands under, and how long it should be. */
import { useState } from "react";
import { Dialog } from "../../components/Dialog";
import { plural } from "../../components/plural";
import { useChosen, useSession } from "../../session/context";
import { onThisDay } from "../../session/today";
import type { Words } from "./useEditor";

interface Props {
  id: number;
  project: number | null;
  words: Words;
  language: string;
  onLanguage: (language: string) => void;
  onClose: () => void;
}

/** By their own names: whoever writes in one knows it by that. */
const LANGUAGES: readonly [string, string][] = [
  ["", "As it is written"],
  ["cs", "Čeština"],
  ["da", "Dansk"],
  ["de", "Deutsch"],
  ["de-CH", "Deutsch (Schweiz)"],
  ["en-GB", "English (UK)"],
  ["en-US", "English (US)"],
  ["es", "Español"],
  ["fr", "Français"],
  ["it", "Italiano"],
  ["ja", "日本語"],
  ["nl", "Nederlands"],
  ["pl", "Polski"],
  ["pt", "Português"],
  ["ru", "Русский"],
  ["fi", "Suomi"],
  ["sv", "Svenska"],
  ["uk", "Українська"],
  ["zh", "中文"],
];

/** More than the longest novel. */
const MOST = 10_000_000;

export function PageSettings({ id, project, words, language, onLanguage, onClose }: Props) {
  const session = useSession();
  const all = useChosen((state) => state.library?.pages) ?? [];
  const page = all.find((one) => one.id === id);
  const among = all.filter((one) => one.project === project);
  const [tongue, setTongue] = useState(language);
  const [part, setPart] = useState(page?.part ?? "");
  const [goal, setGoal] = useState(page && page.goal > 0 ? String(page.goal) : "");
  const wanted = goal.trim() === "" ? 0 : Number(goal);
  const today = onThisDay(
    useChosen((state) => state.remembered.today),
    new Date(),
  );
  const [daily, setDaily] = useState(today.goal > 0 ? String(today.goal) : "");
  const wantedToday = daily.trim() === "" ? 0 : Number(daily);
  const fits = (goal: number) => Number.isInteger(goal) && goal >= 0 && goal <= MOST;
  const makesSense = fits(wanted) && fits(wantedToday);
  const sum = (of: typeof among) => of.reduce((total, one) => total + (one.id === id ? words.all : one.words), 0);
  const counts: [string, number][] = [
    ["This page", words.all],
    ["Since it was opened", words.since],
    ["Today, on all pages", today.words],
    ...(page?.part ? [[`“${page.part}”`, sum(among.filter((one) => one.part === page.part))] as [string, number]] : []),
    ...(project === null ? [] : [["The project", sum(among)] as [string, number]]),
  ];
  const save = async () => {
    if (tongue !== language) {
      onLanguage(tongue);
      await session.pages.setLanguage(id, tongue);
    }
    if (part.trim() !== (page?.part ?? "")) await session.order.intoPart(id, part.trim());
    if (wantedToday !== today.goal) session.memory.keep({ today: { ...today, goal: wantedToday } });
    if (wanted !== (page?.goal ?? 0)) await session.pages.setGoal(id, wanted);
    onClose();
  };
  return (
    <Dialog title="About this page" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (makesSense) void save();
        }}
      >
        <div className="field">
          <label htmlFor="page-language">Language</label>
          <select
            id="page-language"
            data-first=""
            value={tongue}
            aria-describedby="page-language-hint"
            onChange={(event) => setTongue(event.target.value)}
          >
            {LANGUAGES.map(([tag, name]) => (
              <option key={tag} value={tag}>
                {name}
              </option>
            ))}
          </select>
          <p className="hint" id="page-language-hint">
            Quotes are written as it writes them, and spelling is looked at where the system has a dictionary.
          </p>
        </div>
        <div className="field">
          <label htmlFor="page-part">Under the heading</label>
          <input
            id="page-part"
            list="page-parts"
            dir="auto"
            placeholder="Part one"
            value={part}
            onChange={(event) => setPart(event.target.value)}
          />
          <datalist id="page-parts">
            {[...new Set(among.map((one) => one.part).filter((one) => one !== ""))].map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </div>
        <div className="field">
          <label htmlFor="page-goal">Goal, in words</label>
          <input
            id="page-goal"
            inputMode="numeric"
            placeholder="None"
            value={goal}
            aria-invalid={!fits(wanted)}
            aria-describedby={makesSense ? undefined : "page-goal-wrong"}
            onChange={(event) => setGoal(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="daily-goal">Goal for a day, in words</label>
          <input
            id="daily-goal"
            inputMode="numeric"
            placeholder="None"
            value={daily}
            aria-invalid={!fits(wantedToday)}
            aria-describedby={makesSense ? "daily-goal-hint" : "page-goal-wrong"}
            onChange={(event) => setDaily(event.target.value)}
          />
          <p className="hint" id="daily-goal-hint">
            What you write on all pages counts.
          </p>
          {!makesSense && (
            <p className="hint" id="page-goal-wrong" role="alert">
              A number of words, such as 1200; or nothing.
            </p>
          )}
        </div>
        <dl className="origins">
          {counts.map(([name, count]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{plural(count, "word")}</dd>
            </div>
          ))}
        </dl>
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" disabled={!makesSense}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
