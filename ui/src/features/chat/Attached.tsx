/** The pictures of a draft: kept with it until it is sent, or until the user takes them away. */
import type { Picture } from "../../backend/client";
import { Icon } from "../../components/Icon";
import { useChosen, useSession } from "../../session/context";
import { guideInUse } from "../../session/state";
import { Thumbnail } from "./Pictures";
import { name } from "./usePicture";

export function AttachedPictures({ conversation, pictures }: { conversation: number; pictures: Picture[] }) {
  const session = useSession();
  if (pictures.length === 0) return null;
  return (
    <ul className="attached" aria-label="Attached pictures">
      {pictures.map((picture, i) => (
        <li key={picture.id} title={picture.wordsCost ?? undefined}>
          <Thumbnail picture={picture} name={name(picture, i, pictures.length)} height={72} />
          <button
            type="button"
            className="icon-button"
            aria-label={`Take away: ${name(picture, i, pictures.length)}`}
            title="Take it away"
            onClick={() => void session.pictures.detach(conversation, picture.id)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
      <li className="hint">{pictures.length === 1 && pictures[0]?.wordsCost}</li>
    </ul>
  );
}

/** Said before sending: the model in use cannot see. What the user attached is kept. */
export function Blind({ count }: { count: number }) {
  const session = useSession();
  const guide = useChosen(guideInUse);
  const coming = useChosen((state) => state.models.transfers.length > 0);
  const seeing = useChosen((state) => state.models.installed.find(({ sees, missing }) => sees && !missing));
  return (
    <div className="opening" role="status">
      <p>
        {guide ? "The built-in guide" : "This model"} cannot see pictures. {count === 1 ? "Yours is" : "Yours are"} kept
        here
        {seeing ? "." : " until you have a model that can."}
      </p>
      {seeing ? (
        <button type="button" className="quiet named" onClick={() => void session.models.use(seeing.id)}>
          Switch to {seeing.name}
        </button>
      ) : (
        !coming && (
          <button type="button" className="quiet" onClick={() => void session.tour.go("choose")}>
            Look for one…
          </button>
        )
      )}
    </div>
  );
}
