import bcrypt from 'bcryptjs';

/**
 * Runs in a worker thread, where blocking is what it is for. Plain JavaScript, because a worker is loaded by its path, and that has
 * to work from source and from the build alike.
 * @param {{ kind: 'hash', password: string, cost: number }
 *   | { kind: 'compare', password: string, hash: string, padding: readonly string[] }} task
 *   `padding`: hashes that the password is compared with as well, for the work alone, when it is not the hash's.
 * @returns {{ result: string | boolean, rounds: number }} the hash, or whether the password is the hash's; and how many rounds of
 *   bcrypt's key schedule that took.
 */
export default function work(task) {
  // Validation has refused such a password by name; whoever forgets to ask it must not get a truncated one.
  if (bcrypt.truncates(task.password)) throw new Error('a password is longer than bcrypt reads');
  if (task.kind === 'hash') {
    return { result: bcrypt.hashSync(task.password, task.cost), rounds: 2 ** task.cost };
  }
  let rounds = 0;
  const isPasswordOf = (hash) => {
    rounds += 2 ** bcrypt.getRounds(hash);
    return bcrypt.compareSync(task.password, hash);
  };
  const result = isPasswordOf(task.hash);
  if (!result) for (const hash of task.padding) isPasswordOf(hash);
  return { result, rounds };
}
