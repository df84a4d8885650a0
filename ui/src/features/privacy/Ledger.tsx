/** What answers from elsewhere cost, month by month. What nobody said is called unknown, never nothing. */
import { useEffect, useState } from "react";
import type { Ledger as Read } from "../../backend/client";
import { Cap } from "../../components/cloud/Cap";
import { sumWords } from "../../components/cloud/money";
import { Icon } from "../../components/Icon";
import { plural } from "../../components/plural";
import { useChosen, useSession } from "../../session/context";
import { Entries } from "./Entries";
import { Export } from "./Export";
import { Months } from "./Months";
import { beside, monthName, monthOf } from "./month";

export function Ledger() {
  const { cloud } = useSession();
  const [now] = useState(() => monthOf(new Date()));
  const [month, setMonth] = useState(now);
  const shown = useChosen((state) => state.cloud.ledger);
  useEffect(() => void cloud.readLedger(month), [cloud, month]);
  return (
    <section aria-labelledby="ledger">
      <h3 id="ledger">What the cloud cost</h3>
      {shown && (shown.read.months.some(({ answers }) => answers > 0) || shown.read.entries.length > 0) ? (
        <>
          {shown.read.months.some(({ known }) => known > 0) ? (
            <Months months={shown.read.months} chosen={month} onChoose={setMonth} />
          ) : (
            <p className="hint">No price is known yet: nobody said what these answers cost.</p>
          )}
          <div className="month">
            <button
              type="button"
              className="icon-button"
              aria-label="The month before"
              onClick={() => setMonth(beside(month, -1))}
            >
              <Icon name="left" />
            </button>
            <h4 aria-live="polite">{monthName(shown.month)}</h4>
            <button
              type="button"
              className="icon-button"
              aria-label="The month after"
              disabled={month >= now}
              onClick={() => setMonth(beside(month, 1))}
            >
              <Icon name="right" />
            </button>
          </div>
          <Month read={shown.read} month={shown.month} />
        </>
      ) : (
        <p className="hint">{shown ? "Nothing was ever answered in the cloud." : ""}</p>
      )}
    </section>
  );
}

function Month({ read, month }: { read: Read; month: string }) {
  const { cloud } = useSession();
  if (read.entries.length === 0) return <p className="hint">Nothing was answered in the cloud in this month.</p>;
  return (
    <>
      <p>
        {plural(read.entries.length, "answer")}: <strong>{sumWords(read)}</strong>
      </p>
      <Sums read={read} />
      <Entries key={month} entries={read.entries} />
      <div className="exports">
        <Export name="Save this month as CSV…" onExport={() => cloud.exportLedger(month)} />
        <Export name="Save all months…" onExport={() => cloud.exportLedger(null)} />
      </div>
    </>
  );
}

function Sums({ read }: { read: Read }) {
  const { cloud } = useSession();
  const projects = useChosen((state) => state.library?.projects) ?? [];
  return (
    <div className="sums">
      <table className="stacking">
        <caption className="said">Cost by project</caption>
        <thead>
          <tr>
            <th scope="col">Project</th>
            <th scope="col">Answers</th>
            <th scope="col">Cost</th>
            <th scope="col">Monthly limit</th>
          </tr>
        </thead>
        <tbody>
          {read.byProject.map((sum) => {
            const project = projects.find(({ id }) => id === sum.project);
            return (
              <tr key={`${sum.project} ${sum.name}`}>
                <th scope="row" dir="auto">
                  {sum.name ?? "No project"}
                </th>
                <td>{plural(sum.answers, "answer")}</td>
                <td>{sumWords(sum)}</td>
                <td>
                  {project && (
                    <Cap
                      label={`Monthly limit for ${project.name}`}
                      cap={project.cap}
                      onKeep={(cap) => void cloud.setProjectLeaving(project.id, project.leaving, cap)}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <table className="stacking">
        <caption className="said">Cost by provider</caption>
        <thead>
          <tr>
            <th scope="col">Provider</th>
            <th scope="col">Answers</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {read.byProvider.map((sum) => (
            <tr key={sum.name}>
              <th scope="row">{sum.name}</th>
              <td>{plural(sum.answers, "answer")}</td>
              <td>{sumWords(sum)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
