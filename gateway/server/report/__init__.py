"""The monthly report: one document, as JSON, as CSV for a spreadsheet, as a page that prints."""
