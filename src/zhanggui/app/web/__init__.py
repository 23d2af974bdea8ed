"""What console and storefront share: languages, formats, templates, forms, tables, assets."""
