/** Pictures, each in the room that it will need before its pixels are here. */
import { useEffect, useState } from "react";
import type { Picture } from "../../backend/client";
import { figure } from "../../components/plural";
import { useSession } from "../../session/context";
import { Viewer } from "./Viewer";
import "./pictures.css";

export function Pictures({ pictures }: { pictures: Picture[] }) {
  const [open, setOpen] = useState<number | null>(null);
  if (pictures.length === 0) return null;
  return (
    <>
      <ul className="pictures" aria-label="Pictures">
        {pictures.map((picture, i) => (
          <li key={picture.id}>
            <button type="button" className="picture-button" title="Look at it closely" onClick={() => setOpen(i)}>
              <Thumbnail
                picture={picture}
                name={name(picture, i, pictures.length)}
                height={pictures.length === 1 ? 240 : 144}
              />
            </button>
          </li>
        ))}
      </ul>
      {open !== null && <Viewer pictures={pictures} at={open} onAt={setOpen} onClose={() => setOpen(null)} />}
    </>
  );
}

/** "Picture 1 of 2, 1,200 by 800." */
export function name({ width, height }: Picture, i: number, count: number): string {
  const which = count > 1 ? ` ${i + 1} of ${count}` : "";
  return `Picture${which}, ${figure(width)} by ${figure(height)}`;
}

/** Where its pixels are: undefined while they are read, null where they are lost. */
export function usePicture(id: number): string | null | undefined {
  const { pictures } = useSession();
  const [url, setUrl] = useState<string | null | undefined>();
  useEffect(() => {
    let here = true;
    setUrl(undefined);
    void pictures.url(id).then((found) => here && setUrl(found));
    return () => void (here = false);
  }, [pictures, id]);
  return url;
}

export function Thumbnail({ picture, name, height }: { picture: Picture; name: string; height: number }) {
  const url = usePicture(picture.id);
  const ratio = picture.width / Math.max(picture.height, 1);
  const style = { aspectRatio: `${Math.min(Math.max(ratio, 0.4), 2.5)}`, height: Math.min(height, picture.height) };
  if (url === null) {
    return (
      <span className="picture lost" style={style} role="img" aria-label={`${name}, not found`}>
        Not found
      </span>
    );
  }
  return url === undefined ? (
    <span className="picture" style={style} role="img" aria-label={name} />
  ) : (
    <img className="picture" style={style} src={url} alt={name} draggable={false} />
  );
}
