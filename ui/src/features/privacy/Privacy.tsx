/** What keeps the model offline, what left this computer, and what it cost: all of it, to be read and taken along. */
import { LockedLine } from "../../components/cloud/LockedLine";
import { engineLine } from "../../components/engineLine";
import { useChosen } from "../../session/context";
import { Journal } from "./Journal";
import { Key } from "./Key";
import { Ledger } from "./Ledger";
import { NotProtected, Proof } from "./Proof";
import "./privacy.css";

export function Privacy() {
  const line = engineLine(useChosen((state) => state.engine));
  return (
    <>
      <LockedLine>Nothing leaves this computer: no cloud, no downloads.</LockedLine>
      <section aria-labelledby="privacy-model">
        <h3 id="privacy-model">The model on this computer</h3>
        <p className="model-line" data-mood={line.mood}>
          <span className="dot" aria-hidden="true" />
          {line.text}
        </p>
        <p className="hint">{line.detail}</p>
        <Proof />
      </section>
      <Key />
      <Ledger />
      <Journal />
      <NotProtected />
    </>
  );
}
