/** What a picture is called, and where its pixels are. */
import { useEffect, useState } from "react";
import type { Picture } from "../../backend/client";
import { figure } from "../../components/plural";
import { useSession } from "../../session/context";

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
    return () => {
      here = false;
    };
  }, [pictures, id]);
  return url;
}
