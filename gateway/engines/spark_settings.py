"""The settings of a Spark session on which the meaning of a statement rests, or its end.

They are set for each session, whatever the cluster's own are.
"""

SETTINGS = {
    # What a statement means.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_LTZ",
    "spark.sql.caseSensitive": "true",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.groupByAliases": "false",
    "spark.sql.orderByOrdinal": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.icu.caseMappings.enabled": "true",
    "spark.sql.function.concatBinaryAsString": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
    "spark.sql.legacy.sizeOfNull": "false",
    "spark.sql.legacy.castComplexTypesToString.enabled": "false",
    "spark.sql.legacy.setopsPrecedence.enabled": "false",
    "spark.sql.legacy.inSubqueryNullability": "false",
    "spark.sql.legacy.ctePrecedencePolicy": "CORRECTED",
    "spark.sql.legacy.literal.pickMinimumPrecision": "true",
    # What its text means: an analyst's constant may hold ${…}, backslashes and back ticks.
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.parser.quotedRegexColumnNames": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.ansi.relationPrecedence": "false",
    # What files hold: days and times as they are written, not as an old calendar counts them.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.binaryAsString": "false",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.sql.avro.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # Whether a statement fails must not depend on rows. Common subexpressions are computed apart,
    # and so outside of the form that catches their failure (`functions.spark.forms.attempt`).
    "spark.sql.subexpressionElimination.enabled": "false",
    # It turns a comparison of a timestamp's day into one of timestamps, and fails where a day has
    # no midnight among them, such as those that stand for infinity.
    "spark.sql.optimizer.excludedRules": (
        "org.apache.spark.sql.catalyst.optimizer.UnwrapCastInBinaryComparison"
    ),
    "spark.sql.optimizer.decorrelateInnerQuery.enabled": "true",
    # What the server's parser remembers of statements grows with each new one, and no two of the
    # gateway's are alike: some hundred long ones filled a gigabyte. 20,000 states are about 150 MB.
    "spark.sql.parser.manageParserCaches": "true",
    "spark.sql.parser.parserDfaCacheFlushThreshold": "20000",
}
