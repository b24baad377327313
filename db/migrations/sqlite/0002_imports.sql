CREATE TABLE `identifiers` (
	`document_no` integer NOT NULL,
	`key` text NOT NULL,
	PRIMARY KEY(`document_no`, `key`),
	FOREIGN KEY (`document_no`) REFERENCES `documents`(`no`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `identifiers_key_idx` ON `identifiers` (`key`);--> statement-breakpoint
CREATE TABLE `import_rows` (
	`import_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`position` integer NOT NULL,
	`outcome` text NOT NULL,
	`measure_id` text,
	`json` text NOT NULL,
	`record` text,
	`undo` text,
	PRIMARY KEY(`import_id`, `ordinal`),
	FOREIGN KEY (`import_id`) REFERENCES `imports`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `import_rows_measure_idx` ON `import_rows` (`measure_id`,`import_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `import_rows_position_key` ON `import_rows` (`import_id`,`position`);--> statement-breakpoint
CREATE TABLE `imports` (
	`id` text PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor` text NOT NULL,
	`state` text NOT NULL,
	`summary` text NOT NULL,
	`reverted_at` text,
	`reverted_by` text,
	`revert_reason` text
);
--> statement-breakpoint
CREATE INDEX `imports_at_idx` ON `imports` (`at`,`id`);--> statement-breakpoint
CREATE TABLE `sources` (
	`no` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`measure_id` text NOT NULL,
	`url` text,
	`format` text NOT NULL,
	`hash` text NOT NULL,
	`release` text,
	`release_date` text,
	`content` text NOT NULL,
	`record` text,
	`import_id` text NOT NULL,
	`place` text NOT NULL,
	FOREIGN KEY (`measure_id`) REFERENCES `measures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sources_measure_idx` ON `sources` (`measure_id`,`no`);--> statement-breakpoint
CREATE INDEX `sources_url_idx` ON `sources` (`url`);--> statement-breakpoint
CREATE INDEX `sources_hash_idx` ON `sources` (`hash`);--> statement-breakpoint
ALTER TABLE `documents` ADD `source_no` integer;--> statement-breakpoint
ALTER TABLE `versions` ADD `source_no` integer;--> statement-breakpoint
-- What is in the catalogue already is found by its identifiers as well.
INSERT OR IGNORE INTO identifiers SELECT d.no, substr(json_extract(i.value, '$.system'), 1, 150) || '|' || substr(json_extract(i.value, '$.value'), 1, 450) FROM documents d, json_each(d.json, '$.identifiers') i;
