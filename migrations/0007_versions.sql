CREATE TABLE `incident_versions` (
	`incident` text NOT NULL,
	`at` integer NOT NULL,
	`facts` text NOT NULL,
	PRIMARY KEY(`incident`, `at`)
);
--> statement-breakpoint
-- What is known of incidents at this moment: resolved ones have not changed since their last change, of open ones it is told from the last judgement on.
INSERT INTO `incident_versions` SELECT `id`, max(
	`detected_at`,
	coalesce((SELECT max(`at`) FROM `incident_changes` WHERE `incident` = `id`), 0),
	CASE WHEN `state` = 'resolved' THEN 0 ELSE coalesce((SELECT CAST(`value` AS integer) FROM `meta` WHERE `key` = 'store.judgedUntil'), 0) END
), json_object(
	'authors', `authors`, 'blamed', json(`blamed`), 'detectedAt', `detected_at`, 'id', `id`, 'method', `method`, 'peakAt', `peak_at`,
	'platforms', json(`platforms`), 'possibleSpilloverOf', json(`spillover`), 'regions', json(`regions`), 'reports', `reports`,
	'resolvedAt', `resolved_at`, 'service', `service`, 'startedAt', `started_at`, 'state', `state`, 'surprise', `surprise`,
	'symptoms', json(`symptoms`), 'touched', json(`touched`), 'unlocated', `unlocated`
) FROM `incidents`;
