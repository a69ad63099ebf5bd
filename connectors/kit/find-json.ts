/** The value that the text holds as JSON, or null when the text is no JSON, as the error pages of proxies are. */
export function findJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
