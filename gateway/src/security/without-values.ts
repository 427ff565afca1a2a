/**
 * graphql-js puts the value that did not fit into its messages: a misspelt field of an input brings its siblings, a password for one, with it.
 * What is left says which variable it was and no more.
 */
export function withoutValues(message: string): string {
  return message
    .replace(/^(Variable "\$\w+" got )(?:an )?invalid value\b.*$/s, '$1an invalid value')
    .replace(/^(\w+ cannot represent [^:]*):.*$/s, '$1')
    .replace(
      /^(?:Value|Enum) .* (?:does not exist in|cannot represent) .*$/s,
      'a value does not exist in its enum',
    )
    .replace(/^(Argument "\w+" (?:of type "[^"]*" )?has invalid value)\b.*$/s, '$1');
}
