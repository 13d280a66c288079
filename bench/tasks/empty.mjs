/** Nothing: what importing costs when there is nothing to import. */
