/** What a client accepts that reads parts in the format of August 2022. */
export const deferSpec = 'multipart/mixed;deferSpec=20220824,application/json';

/** Posts an operation with `@defer`. @returns the parts of the response, as they were sent. */
export async function askForParts(
  url: string,
  body: { query: string; variables?: Record<string, unknown> },
  accept = deferSpec,
): Promise<{ type: string | null; parts: Record<string, unknown>[] }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const parts = text
    .split(/\r\n---(?:--)?(?:\r\n|$)/)
    .filter((part) => part.includes('\r\n\r\n'))
    .map((part) => JSON.parse(part.slice(part.indexOf('\r\n\r\n'))) as Record<string, unknown>);
  return { type: response.headers.get('content-type'), parts };
}
