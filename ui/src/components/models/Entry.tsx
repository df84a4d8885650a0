/** What a model in the catalogue is good for, and what it takes. */
import type { CatalogueEntry } from "../../backend/client";
import { size } from "../amounts";
import { figure } from "../plural";
import "./models.css";

export function EntryWords({ entry }: { entry: CatalogueEntry }) {
  return (
    <span className="entry-words">
      <span className="entry-head">
        <span className="entry-name">{entry.name}</span>
        {entry.recommended && <span className="entry-mark">Recommended</span>}
        {entry.installed && <span className="entry-mark">Here already</span>}
      </span>
      <span className="entry-good">{(entry.recommended && entry.why) || entry.goodFor}</span>
      <span className="entry-costs">
        {size(entry.bytes)} on the disk
        {entry.visionBytes !== null && ` and ${size(entry.visionBytes)} for pictures`} · {size(entry.memoryBytes)} of
        memory
        {entry.wordsPerMinute !== null && ` · about ${figure(entry.wordsPerMinute)} words a minute`}
      </span>
      {entry.fit !== "well" && (
        <span className="entry-fit" data-fit={entry.fit}>
          {entry.fitWords}
        </span>
      )}
    </span>
  );
}
