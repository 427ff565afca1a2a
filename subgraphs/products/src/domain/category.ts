/** A shelf of the shop. */
export interface Category {
  /** What programs call it: `home-office`. */
  readonly slug: string;
  /** What people call it: `Home office`. */
  readonly name: string;
}

const slugForm = /^[a-z0-9-]{1,50}$/;

export function isCategorySlug(slug: string): boolean {
  return slugForm.test(slug);
}

/** The category that a new slug opens, named after it: `home-office` is called `Home office`. */
export function categoryOf(slug: string): Category {
  const words = slug.replaceAll('-', ' ').trim();
  const name = words === '' ? slug : words.charAt(0).toUpperCase() + words.slice(1);
  return { slug, name };
}
