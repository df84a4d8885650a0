/** What is pasted or dropped. */

export function carriesFiles(data: DataTransfer): boolean {
  return [...data.types].includes("Files");
}

export function picturesIn(data: DataTransfer): File[] {
  return [...data.files].filter(({ type }) => type.startsWith("image/"));
}
