/** The bottom of the left pane: where what is open goes, what goes on quietly, and the lock. */

import { goingWords } from "../components/cloud/route";
import { engineLine } from "../components/engineLine";
import { Icon } from "../components/Icon";
import { TransferLine } from "../features/models/TransferLine";
import { OfflineLock } from "../features/privacy/OfflineLock";
import { useChosen, useSession } from "../session/context";

export function Foot({ onModels, onBackups }: { onModels: () => void; onBackups: () => void }) {
  const { tour } = useSession();
  const unfinished = useChosen((state) => state.tour !== null && state.tour.step !== "done");
  return (
    <>
      <Here onModels={onModels} />
      <TransferLine onOpen={onModels} />
      <BackupLine onOpen={onBackups} />
      {unfinished && (
        <div className="foot-line">
          <button type="button" className="row" onClick={tour.resume}>
            <Icon name="right" />
            <span>Finish setting up</span>
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label="No need to finish setting up"
            title="No need to"
            onClick={() => void tour.finish()}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
      <OfflineLock />
    </>
  );
}

/** Said until it is mended. */
function BackupLine({ onOpen }: { onOpen: () => void }) {
  const trouble = useChosen((state) => state.settings.backupTrouble);
  if (trouble === null) return null;
  return (
    <button type="button" className="row here-line" data-mood="ill" title={trouble} onClick={onOpen}>
      <span className="dot" aria-hidden="true" />
      <span>The last backup failed</span>
    </button>
  );
}

/** It speaks of what is open: a conversation that leaves is never said to have no network. */
function Here({ onModels }: { onModels: () => void }) {
  const { cloud } = useSession();
  const engine = engineLine(useChosen((state) => state.engine));
  const open = useChosen((state) => state.thread);
  const on = useChosen((state) => state.cloud.on);
  const locked = useChosen((state) => state.cloud.locked);
  const loading = useChosen((state) => state.models.transfers.some(({ state }) => state === "running"));
  if (open?.goesTo) {
    const { goesTo } = open;
    const words = goingWords(goesTo, { on, locked });
    return (
      <button
        type="button"
        className="row here-line"
        data-place="cloud"
        title={`${words}. Who answers this conversation can be changed.`}
        onClick={() => cloud.choose({ for: "conversation", id: open.id })}
      >
        <span className="dot" aria-hidden="true" />
        <span>{words}</span>
      </button>
    );
  }
  const text = loading ? "On this device · a download runs" : engine.text;
  return (
    <button type="button" className="row here-line" data-mood={engine.mood} title={engine.detail} onClick={onModels}>
      <span className="dot" aria-hidden="true" />
      <span>{text}</span>
    </button>
  );
}
