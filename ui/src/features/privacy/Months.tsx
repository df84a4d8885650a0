/** A bar for each of the last twelve months, and the same as a table. */
import type { MonthSum } from "../../backend/client";
import { dollars, sumWords } from "../../components/cloud/money";
import { plural } from "../../components/plural";
import { monthName, shortMonth } from "./month";

const STEP = 48;
const BAR = 26;
const HEIGHT = 96;
const FOOT = 20;
const HEAD = 16;

interface Props {
  months: MonthSum[];
  chosen: string;
  onChoose: (month: string) => void;
}

export function Months({ months, chosen, onChoose }: Props) {
  const most = Math.max(...months.map(({ known }) => known), 1);
  const highest = months.reduce((high, month) => (month.known > high.known ? month : high));
  return (
    <figure className="months">
      <svg
        viewBox={`0 0 ${months.length * STEP} ${HEAD + HEIGHT + FOOT}`}
        role="img"
        aria-label={`Cost by month, ${monthName(months[0]?.month ?? chosen)} to ${monthName(months.at(-1)?.month ?? chosen)}. The same is in the table below.`}
      >
        <line x1="0" x2={months.length * STEP} y1={HEAD + HEIGHT + 0.5} y2={HEAD + HEIGHT + 0.5} />
        {months.map((sum, i) => {
          const height = sum.known === 0 ? 0 : Math.max(2, (sum.known / most) * HEIGHT);
          const middle = i * STEP + STEP / 2;
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: by keys the same is done in the table below
            <g key={sum.month} data-chosen={sum.month === chosen || undefined} onClick={() => onChoose(sum.month)}>
              <title>{`${monthName(sum.month)}: ${sumWords(sum)}`}</title>
              <rect className="target" x={i * STEP} y="0" width={STEP} height={HEAD + HEIGHT + FOOT} />
              <rect
                className="month-bar"
                x={middle - BAR / 2}
                y={HEAD + HEIGHT - height}
                width={BAR}
                height={height}
                rx="2"
              />
              {sum.unknownCount > 0 && (
                <text className="unknown" x={middle} y={HEAD + HEIGHT - height - 5}>
                  ?
                </text>
              )}
              {sum === highest && sum.known > 0 && sum.unknownCount === 0 && (
                <text x={middle} y={HEAD + HEIGHT - height - 5}>
                  {dollars(sum.known)}
                </text>
              )}
              <text x={middle} y={HEAD + HEIGHT + FOOT - 5}>
                {shortMonth(sum.month)}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption className="hint">
        {months.some(({ unknownCount }) => unknownCount > 0) &&
          "A question mark: there were answers too whose cost nobody said."}
      </figcaption>
      <details>
        <summary>As a table</summary>
        <table>
          <caption className="said">Cost by month</caption>
          <thead>
            <tr>
              <th scope="col">Month</th>
              <th scope="col">Answers</th>
              <th scope="col">Cost</th>
            </tr>
          </thead>
          <tbody>
            {months.map((sum) => (
              <tr key={sum.month}>
                <th scope="row">
                  <button type="button" className="plain" onClick={() => onChoose(sum.month)}>
                    {monthName(sum.month)}
                  </button>
                </th>
                <td>{plural(sum.answers, "answer")}</td>
                <td>{sumWords(sum)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
