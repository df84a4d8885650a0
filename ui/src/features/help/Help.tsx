/** The help: its pages on the left, one of them on the right, or what was looked for in all of them. */
import { useEffect, useRef, useState } from "react";
import type { HelpPage, HelpParagraph } from "../../backend/client";
import { Dialog } from "../../components/Dialog";
import { Prose } from "../../components/prose/Prose";
import { Close, Tabs } from "../../components/Tabs";
import { Trouble } from "../../components/Trouble";
import { useChosen, useSession } from "../../session/context";
import "./help.css";

interface Props {
  /** The paragraph to begin with; null: the first page. */
  at: string | null;
  onClose: () => void;
}

export function Help({ at, onClose }: Props) {
  const session = useSession();
  const trouble = useChosen((state) => state.trouble);
  const [pages, setPages] = useState<HelpPage[] | null>(null);
  const [title, setTitle] = useState<string | null>(null);
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<string[] | null>(null);
  const right = useRef<HTMLDivElement>(null);
  const wanted = query.trim();

  useEffect(() => void session.help().then((read) => setPages(read ?? [])), [session]);
  useEffect(() => {
    if (wanted === "") return setFound(null);
    let stale = false;
    session.searchHelp(wanted).then(
      (ids) => !stale && setFound(ids),
      () => !stale && setFound([]),
    );
    return () => {
      stale = true;
    };
  }, [wanted, session]);

  const holds = (page: HelpPage) => page.paragraphs.some(({ id }) => id === at);
  const shown = pages?.find((page) => (title === null ? holds(page) : page.title === title)) ?? pages?.[0];
  // Whoever followed a link wants that paragraph, not its page's beginning.
  useEffect(() => {
    const heading = pages && at !== null ? right.current?.querySelector<HTMLElement>(`[data-paragraph="${at}"]`) : null;
    heading?.scrollIntoView?.({ block: "start" });
    heading?.focus();
  }, [pages, at]);

  return (
    <Dialog title="Help" onClose={onClose} large>
      <div className="sections help">
        <div className="sections-left">
          <input
            type="search"
            className="search-field"
            aria-label="Search the help"
            placeholder="Search the help"
            data-first={at === null ? "" : undefined}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <Tabs
            label="Pages of the help"
            names={(pages ?? []).map((page) => page.title)}
            shown={shown?.title}
            panel="help-page"
            none={found !== null}
            onChoose={(chosen) => {
              setTitle(chosen);
              setQuery("");
              right.current?.scrollTo?.({ top: 0 });
            }}
          />
        </div>
        <div
          ref={right}
          className="sections-right help-page"
          id="help-page"
          role="tabpanel"
          aria-label={found === null ? shown?.title : "What was found"}
          aria-busy={pages === null}
          // It scrolls, so the keys must reach it.
          tabIndex={0}
        >
          {trouble && <Trouble sentence={trouble} onDismiss={session.dismissTrouble} />}
          {found === null ? shown && <Whole page={shown} /> : <Found pages={pages ?? []} ids={found} query={wanted} />}
        </div>
      </div>
      <Close name="the help" onClose={onClose} />
    </Dialog>
  );
}

function Whole({ page }: { page: HelpPage }) {
  return (
    <>
      <h3 className="help-title">{page.title}</h3>
      {page.paragraphs.map((paragraph) => (
        <Paragraph key={paragraph.id} paragraph={paragraph} />
      ))}
    </>
  );
}

function Found({ pages, ids, query }: { pages: HelpPage[]; ids: string[]; query: string }) {
  const all = new Map(pages.flatMap((page) => page.paragraphs.map((one) => [one.id, { one, page }] as const)));
  const hits = ids.flatMap((id) => all.get(id) ?? []);
  return (
    <>
      <h3 className="help-title">What was found</h3>
      <p className="hint" role="status">
        {hits.length === 0
          ? `Nothing found for “${query}”. Try another word, or look through the pages on the left.`
          : "The nearest first."}
      </p>
      {hits.map(({ one, page }) => (
        <Paragraph key={one.id} paragraph={one} of={page.title} />
      ))}
    </>
  );
}

function Paragraph({ paragraph, of }: { paragraph: HelpParagraph; of?: string }) {
  return (
    <section aria-labelledby={`help-${paragraph.id}`}>
      <h4 id={`help-${paragraph.id}`} data-paragraph={paragraph.id} tabIndex={-1}>
        {paragraph.title}
        {of && <span className="hint"> {of}</span>}
      </h4>
      <Prose text={paragraph.text} />
    </section>
  );
}
