"""Reports as frozen tables: whole minor units and days, which any renderer can show and none has to add up."""
