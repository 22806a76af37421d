/** Where the API keeps a scenario's card; the birthday's is the whole clinic's. @param {string} branch @param {string} key */
export function cardPath(branch, key) {
  return key === 'birthday' ? '/scenarios/birthday' : `/branches/${encodeURIComponent(branch)}/scenarios/${key}`;
}
