/** Files of pictures, on their way to the core. */
import { LARGEST_PICTURE } from "../backend/client";

/** A sentence for one that is larger than is taken. */
export function tooLarge(bytes: number): string | null {
  if (bytes <= LARGEST_PICTURE) return null;
  return `This picture is too large (${Math.ceil(bytes / 1e6)} MB). Up to ${LARGEST_PICTURE / 1e6} MB works.`;
}

export function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("The file could not be read."));
    reader.readAsDataURL(file);
  });
}
