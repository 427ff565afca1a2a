import bcrypt from 'bcryptjs';

/**
 * Runs in a worker thread, where blocking is what it is for. Plain JavaScript, because a worker is loaded by its path, and that has
 * to work from source and from the build alike.
 * @param {{ kind: 'hash', password: string, cost: number } | { kind: 'compare', password: string, hash: string }} task
 * @returns {string | boolean} the hash, or whether the password is the hash's
 */
export default function work(task) {
  // Validation has refused such a password by name; whoever forgets to ask it must not get a truncated one.
  if (bcrypt.truncates(task.password)) throw new Error('a password is longer than bcrypt reads');
  return task.kind === 'hash'
    ? bcrypt.hashSync(task.password, task.cost)
    : bcrypt.compareSync(task.password, task.hash);
}
