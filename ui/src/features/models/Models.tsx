/** The models: here, on their way, to be had, and thrown away. */
import { useEffect } from "react";
import { LockedLine } from "../../components/cloud/LockedLine";
import { FoundFiles } from "../../components/models/FoundFiles";
import { TransferRow } from "../../components/models/TransferRow";
import { useChosen, useSession } from "../../session/context";
import { Advanced } from "./Advanced";
import { Catalogue } from "./Catalogue";
import { Installed } from "./Installed";
import { Trash } from "./Trash";
import "./models.css";

export function Models() {
  const { models } = useSession();
  const transfers = useChosen((state) => state.models.transfers).filter(({ state }) => state !== "done");
  useEffect(() => {
    void models.read();
    void models.browse();
    void models.readSettings();
  }, [models]);
  return (
    <>
      <LockedLine>Downloads wait until it is off.</LockedLine>
      <Installed />
      {transfers.length > 0 && (
        <section aria-labelledby="models-coming">
          <h3 id="models-coming">On their way</h3>
          {transfers.map((transfer) => (
            <TransferRow key={transfer.id} transfer={transfer} />
          ))}
        </section>
      )}
      <Catalogue />
      <section aria-labelledby="models-files">
        <h3 id="models-files">Files you have</h3>
        <FoundFiles onUsed={() => {}} />
      </section>
      <Trash />
      <Advanced />
    </>
  );
}
