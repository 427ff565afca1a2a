import { describe, expect, it } from '@jest/globals';
import { categoryOf, isCategorySlug } from './category.ts';

describe('categories', () => {
  it.each([
    ['home-office', 'Home office'],
    ['audio', 'Audio'],
    ['4k-displays', '4k displays'],
    ['-', '-'],
  ])('names %p %p', (slug, name) => {
    expect(categoryOf(slug)).toEqual({ slug, name });
  });

  it.each(['', 'Home', 'home office', 'a'.repeat(51), 'büro', 'a\0'])('refuses %p as a slug', (slug) => {
    expect(isCategorySlug(slug)).toBe(false);
  });
});
