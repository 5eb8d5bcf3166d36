// What GitHub's own parser and GitLab's schema say of the CI recipes: node schemas.mjs docs/recipes
