"""The front of the API: callers, scopes, rates, errors, cursors. `site` puts it together with the pages."""
