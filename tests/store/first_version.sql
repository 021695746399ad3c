BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE corrections (
	id INTEGER NOT NULL, 
	form_id VARCHAR NOT NULL, 
	cell VARCHAR NOT NULL, 
	field VARCHAR NOT NULL, 
	block VARCHAR, 
	level1 VARCHAR, 
	level2 VARCHAR, 
	name VARCHAR, 
	ordinal INTEGER, 
	old_number BIGINT, 
	old_text VARCHAR, 
	new_number BIGINT, 
	new_text VARCHAR, 
	who VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	undone_by VARCHAR, 
	undone_at DATETIME, 
	CONSTRAINT pk_corrections PRIMARY KEY (id)
);
INSERT INTO "corrections" VALUES(1,'9f4b27e9739f','grade','grade',NULL,NULL,NULL,NULL,NULL,NULL,'优',NULL,'良','张三','2026-11-21 00:07:41.188172',NULL,NULL);
CREATE TABLE dirty_units (
	unit_key VARCHAR NOT NULL, 
	CONSTRAINT pk_dirty_units PRIMARY KEY (unit_key)
);
CREATE TABLE document_files (
	document_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	CONSTRAINT pk_document_files PRIMARY KEY (document_id, position), 
	CONSTRAINT fk_document_files_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
);
INSERT INTO "document_files" VALUES(1,0,'/data/表.pdf');
CREATE TABLE documents (
	id INTEGER NOT NULL, 
	sha256 VARCHAR(64), 
	size INTEGER NOT NULL, 
	kind VARCHAR, 
	status VARCHAR NOT NULL, 
	reason VARCHAR, 
	seconds DOUBLE, 
	run_id INTEGER NOT NULL, 
	stored_at DATETIME NOT NULL, 
	CONSTRAINT pk_documents PRIMARY KEY (id), 
	CONSTRAINT fk_documents_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id), 
	CONSTRAINT uq_documents_sha256 UNIQUE (sha256)
);
INSERT INTO "documents" VALUES(1,'e6a4969200434412b15c93acb1c78591942e10cefd6abcb9de6b699824fc94db',1000,'digital','done',NULL,0.05,1,'2026-11-21 00:07:41.151762');
CREATE TABLE evidence (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	cell VARCHAR NOT NULL, 
	"match" VARCHAR NOT NULL, 
	read_by VARCHAR NOT NULL, 
	confidence DOUBLE NOT NULL, 
	text VARCHAR, 
	page INTEGER, 
	x0 DOUBLE, 
	y0 DOUBLE, 
	x1 DOUBLE, 
	y1 DOUBLE, 
	line_from INTEGER, 
	line_to INTEGER, 
	span_from INTEGER, 
	span_to INTEGER, 
	sheet VARCHAR, 
	ref VARCHAR, 
	word_table INTEGER, 
	word_row INTEGER, 
	word_column INTEGER, 
	CONSTRAINT pk_evidence PRIMARY KEY (version_id, position, part), 
	CONSTRAINT fk_evidence_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "evidence" VALUES(1,0,0,'title','exact','layout',0.99,'财政项目支出绩效自评表',1,72.0,100.25,180.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,1,0,'fiscal_year','exact','layout',0.99,'2024',1,73.0,100.25,181.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,2,0,'project_name','exact','layout',0.99,'政务服务热线运维',1,74.0,100.25,182.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,3,0,'department','exact','layout',0.99,'上海市某区科学技术委员会',1,75.0,100.25,183.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,4,0,'implementing_unit','exact','layout',0.99,'上海市某区信息服务中心',1,76.0,100.25,184.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,5,0,'unit_of_money','exact','layout',0.99,'万元',1,77.0,100.25,185.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,6,0,'funding.total.original_budget','exact','layout',0.99,'6.8',1,78.0,100.25,186.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,7,0,'funding.total.adjusted_budget','exact','layout',0.99,'6.8',1,79.0,100.25,187.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,8,0,'funding.total.outturn','exact','layout',0.99,'6.8',1,80.0,100.25,188.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,9,0,'funding.total.weight','exact','layout',0.99,'10',1,81.0,100.25,189.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,10,0,'funding.total.execution_rate','exact','layout',0.99,'100',1,82.0,100.25,190.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,11,0,'funding.total.score','exact','layout',0.99,'10',1,83.0,100.25,191.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,12,0,'funding.appropriation.original_budget','exact','layout',0.99,'6.8',1,84.0,100.25,192.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,13,0,'funding.appropriation.adjusted_budget','exact','layout',0.99,'6.8',1,85.0,100.25,193.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,14,0,'funding.appropriation.outturn','exact','layout',0.99,'6.8',1,86.0,100.25,194.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,15,0,'funding.appropriation.execution_rate','exact','layout',0.99,'100',1,88.0,100.25,196.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,16,0,'expected_goal','exact','layout',0.99,'通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。',1,102.0,100.25,210.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,17,0,'actual_result','exact','layout',0.99,'系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。',1,103.0,100.25,211.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,18,0,'indicators[0].level1','exact','layout',0.99,'产出指标',1,104.0,100.25,212.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,19,0,'indicators[0].level2','exact','layout',0.99,'数量指标',1,105.0,100.25,213.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,20,0,'indicators[0].name','exact','layout',0.99,'办理业务量0',1,106.0,100.25,214.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,21,0,'indicators[0].target','exact','layout',0.99,'≥90.00(%)',1,107.0,100.25,215.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,22,0,'indicators[0].actual','exact','layout',0.99,'95.00(%)',1,108.0,100.25,216.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,23,0,'indicators[0].weight','exact','layout',0.99,'15',1,109.0,100.25,217.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,24,0,'indicators[0].score','exact','layout',0.99,'15',1,110.0,100.25,218.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,25,0,'indicators[1].level1','exact','layout',0.99,'产出指标',1,112.0,100.25,220.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,26,0,'indicators[1].level2','exact','layout',0.99,'质量指标',1,113.0,100.25,221.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,27,0,'indicators[1].name','exact','layout',0.99,'办理业务量1',1,114.0,100.25,222.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,28,0,'indicators[1].target','exact','layout',0.99,'≥90.00(%)',1,115.0,100.25,223.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,29,0,'indicators[1].actual','exact','layout',0.99,'95.00(%)',1,116.0,100.25,224.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,30,0,'indicators[1].weight','exact','layout',0.99,'15',1,117.0,100.25,225.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,31,0,'indicators[1].score','exact','layout',0.99,'15',1,118.0,100.25,226.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,32,0,'indicators[2].level1','exact','layout',0.99,'效益指标',1,120.0,100.25,228.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,33,0,'indicators[2].level2','exact','layout',0.99,'社会效益指标',1,121.0,100.25,229.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,34,0,'indicators[2].name','exact','layout',0.99,'办理业务量2',1,122.0,100.25,230.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,35,0,'indicators[2].target','exact','layout',0.99,'≥90.00(%)',1,123.0,100.25,231.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,36,0,'indicators[2].actual','exact','layout',0.99,'95.00(%)',1,124.0,100.25,232.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,37,0,'indicators[2].weight','exact','layout',0.99,'15',1,125.0,100.25,233.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,38,0,'indicators[2].score','exact','layout',0.99,'15',1,126.0,100.25,234.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,39,0,'indicators[3].level1','exact','layout',0.99,'满意度指标',1,128.0,100.25,236.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,40,0,'indicators[3].level2','exact','layout',0.99,'服务对象满意度指标',1,129.0,100.25,237.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,41,0,'indicators[3].name','exact','layout',0.99,'办理业务量3',1,130.0,100.25,238.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,42,0,'indicators[3].target','exact','layout',0.99,'≥90.00(%)',1,131.0,100.25,239.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,43,0,'indicators[3].actual','exact','layout',0.99,'95.00(%)',1,132.0,100.25,240.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,44,0,'indicators[3].weight','exact','layout',0.99,'15',1,133.0,100.25,241.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,45,0,'indicators[3].score','exact','layout',0.99,'15',1,134.0,100.25,242.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,46,0,'indicators[4].level1','exact','layout',0.99,'产出指标',1,136.0,100.25,244.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,47,0,'indicators[4].level2','exact','layout',0.99,'数量指标',1,137.0,100.25,245.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,48,0,'indicators[4].name','exact','layout',0.99,'办理业务量4',1,138.0,100.25,246.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,49,0,'indicators[4].target','exact','layout',0.99,'≥90.00(%)',1,139.0,100.25,247.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,50,0,'indicators[4].actual','exact','layout',0.99,'95.00(%)',1,140.0,100.25,248.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,51,0,'indicators[4].weight','exact','layout',0.99,'15',1,141.0,100.25,249.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,52,0,'indicators[4].score','exact','layout',0.99,'15',1,142.0,100.25,250.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,53,0,'indicators[5].level1','exact','layout',0.99,'产出指标',1,144.0,100.25,252.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,54,0,'indicators[5].level2','exact','layout',0.99,'质量指标',1,145.0,100.25,253.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,55,0,'indicators[5].name','exact','layout',0.99,'办理业务量5',1,146.0,100.25,254.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,56,0,'indicators[5].target','exact','layout',0.99,'≥90.00(%)',1,147.0,100.25,255.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,57,0,'indicators[5].actual','exact','layout',0.99,'95.00(%)',1,148.0,100.25,256.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,58,0,'indicators[5].weight','exact','layout',0.99,'15',1,149.0,100.25,257.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,59,0,'indicators[5].score','exact','layout',0.99,'15',1,150.0,100.25,258.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,60,0,'total_weight','exact','layout',0.99,'100',1,152.0,100.25,260.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,61,0,'total_score','exact','layout',0.99,'100',1,153.0,100.25,261.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,62,0,'grade','exact','layout',0.99,'优',1,154.0,100.25,262.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,63,0,'extras[0].label','exact','layout',0.99,'财政专户管理资金',1,155.0,100.25,263.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(1,64,0,'extras[0].text','exact','layout',0.99,'0.00',1,156.0,100.25,264.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,0,0,'title','exact','layout',0.99,'财政项目支出绩效自评表',3,72.0,100.25,180.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,1,0,'fiscal_year','exact','layout',0.99,'2024',3,73.0,100.25,181.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,2,0,'project_name','exact','layout',0.99,'公共数据平台',3,74.0,100.25,182.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,3,0,'department','exact','layout',0.99,'上海市某区科学技术委员会',3,75.0,100.25,183.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,4,0,'implementing_unit','exact','layout',0.99,'上海市某区信息服务中心',3,76.0,100.25,184.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,5,0,'unit_of_money','exact','layout',0.99,'万元',3,77.0,100.25,185.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,6,0,'funding.total.original_budget','exact','layout',0.99,'6.8',3,78.0,100.25,186.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,7,0,'funding.total.adjusted_budget','exact','layout',0.99,'6.8',3,79.0,100.25,187.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,8,0,'funding.total.outturn','exact','layout',0.99,'6.8',3,80.0,100.25,188.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,9,0,'funding.total.weight','exact','layout',0.99,'10',3,81.0,100.25,189.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,10,0,'funding.total.execution_rate','exact','layout',0.99,'100',3,82.0,100.25,190.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,11,0,'funding.total.score','exact','layout',0.99,'10',3,83.0,100.25,191.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,12,0,'funding.appropriation.original_budget','exact','layout',0.99,'6.8',3,84.0,100.25,192.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,13,0,'funding.appropriation.adjusted_budget','exact','layout',0.99,'6.8',3,85.0,100.25,193.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,14,0,'funding.appropriation.outturn','exact','layout',0.99,'6.8',3,86.0,100.25,194.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,15,0,'funding.appropriation.execution_rate','exact','layout',0.99,'100',3,88.0,100.25,196.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,16,0,'expected_goal','exact','layout',0.99,'通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。',3,102.0,100.25,210.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,17,0,'actual_result','exact','layout',0.99,'系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。',3,103.0,100.25,211.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,18,0,'indicators[0].level1','exact','layout',0.99,'产出指标',3,104.0,100.25,212.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,19,0,'indicators[0].level2','exact','layout',0.99,'数量指标',3,105.0,100.25,213.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,20,0,'indicators[0].name','exact','layout',0.99,'办理业务量0',3,106.0,100.25,214.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,21,0,'indicators[0].target','exact','layout',0.99,'≥90.00(%)',3,107.0,100.25,215.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,22,0,'indicators[0].actual','exact','layout',0.99,'95.00(%)',3,108.0,100.25,216.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,23,0,'indicators[0].weight','exact','layout',0.99,'15',3,109.0,100.25,217.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,24,0,'indicators[0].score','exact','layout',0.99,'15',3,110.0,100.25,218.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,25,0,'indicators[1].level1','exact','layout',0.99,'产出指标',3,112.0,100.25,220.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,26,0,'indicators[1].level2','exact','layout',0.99,'质量指标',3,113.0,100.25,221.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,27,0,'indicators[1].name','exact','layout',0.99,'办理业务量1',3,114.0,100.25,222.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,28,0,'indicators[1].target','exact','layout',0.99,'≥90.00(%)',3,115.0,100.25,223.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,29,0,'indicators[1].actual','exact','layout',0.99,'95.00(%)',3,116.0,100.25,224.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,30,0,'indicators[1].weight','exact','layout',0.99,'15',3,117.0,100.25,225.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,31,0,'indicators[1].score','exact','layout',0.99,'15',3,118.0,100.25,226.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,32,0,'indicators[2].level1','exact','layout',0.99,'效益指标',3,120.0,100.25,228.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,33,0,'indicators[2].level2','exact','layout',0.99,'社会效益指标',3,121.0,100.25,229.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,34,0,'indicators[2].name','exact','layout',0.99,'办理业务量2',3,122.0,100.25,230.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,35,0,'indicators[2].target','exact','layout',0.99,'≥90.00(%)',3,123.0,100.25,231.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,36,0,'indicators[2].actual','exact','layout',0.99,'95.00(%)',3,124.0,100.25,232.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,37,0,'indicators[2].weight','exact','layout',0.99,'15',3,125.0,100.25,233.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,38,0,'indicators[2].score','exact','layout',0.99,'15',3,126.0,100.25,234.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,39,0,'indicators[3].level1','exact','layout',0.99,'满意度指标',3,128.0,100.25,236.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,40,0,'indicators[3].level2','exact','layout',0.99,'服务对象满意度指标',3,129.0,100.25,237.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,41,0,'indicators[3].name','exact','layout',0.99,'办理业务量3',3,130.0,100.25,238.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,42,0,'indicators[3].target','exact','layout',0.99,'≥90.00(%)',3,131.0,100.25,239.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,43,0,'indicators[3].actual','exact','layout',0.99,'95.00(%)',3,132.0,100.25,240.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,44,0,'indicators[3].weight','exact','layout',0.99,'15',3,133.0,100.25,241.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,45,0,'indicators[3].score','exact','layout',0.99,'15',3,134.0,100.25,242.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,46,0,'indicators[4].level1','exact','layout',0.99,'产出指标',3,136.0,100.25,244.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,47,0,'indicators[4].level2','exact','layout',0.99,'数量指标',3,137.0,100.25,245.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,48,0,'indicators[4].name','exact','layout',0.99,'办理业务量4',3,138.0,100.25,246.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,49,0,'indicators[4].target','exact','layout',0.99,'≥90.00(%)',3,139.0,100.25,247.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,50,0,'indicators[4].actual','exact','layout',0.99,'95.00(%)',3,140.0,100.25,248.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,51,0,'indicators[4].weight','exact','layout',0.99,'15',3,141.0,100.25,249.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,52,0,'indicators[4].score','exact','layout',0.99,'15',3,142.0,100.25,250.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,53,0,'indicators[5].level1','exact','layout',0.99,'产出指标',3,144.0,100.25,252.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,54,0,'indicators[5].level2','exact','layout',0.99,'质量指标',3,145.0,100.25,253.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,55,0,'indicators[5].name','exact','layout',0.99,'办理业务量5',3,146.0,100.25,254.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,56,0,'indicators[5].target','exact','layout',0.99,'≥90.00(%)',3,147.0,100.25,255.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,57,0,'indicators[5].actual','exact','layout',0.99,'95.00(%)',3,148.0,100.25,256.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,58,0,'indicators[5].weight','exact','layout',0.99,'15',3,149.0,100.25,257.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,59,0,'indicators[5].score','exact','layout',0.99,'15',3,150.0,100.25,258.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,60,0,'total_weight','exact','layout',0.99,'100',3,152.0,100.25,260.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,61,0,'total_score','exact','layout',0.99,'100',3,153.0,100.25,261.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,62,0,'grade','exact','layout',0.99,'优',3,154.0,100.25,262.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,63,0,'extras[0].label','exact','layout',0.99,'财政专户管理资金',3,155.0,100.25,263.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(2,64,0,'extras[0].text','exact','layout',0.99,'0.00',3,156.0,100.25,264.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,0,0,'title','exact','layout',0.99,'财政项目支出绩效自评表',3,72.0,100.25,180.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,1,0,'fiscal_year','exact','layout',0.99,'2024',3,73.0,100.25,181.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,2,0,'project_name','exact','layout',0.99,'公共数据平台',3,74.0,100.25,182.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,3,0,'department','exact','layout',0.99,'上海市某区科学技术委员会',3,75.0,100.25,183.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,4,0,'implementing_unit','exact','layout',0.99,'上海市某区信息服务中心',3,76.0,100.25,184.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,5,0,'unit_of_money','exact','layout',0.99,'万元',3,77.0,100.25,185.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,6,0,'funding.total.original_budget','exact','layout',0.99,'6.8',3,78.0,100.25,186.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,7,0,'funding.total.adjusted_budget','exact','layout',0.99,'6.8',3,79.0,100.25,187.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,8,0,'funding.total.outturn','exact','layout',0.99,'6.8',3,80.0,100.25,188.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,9,0,'funding.total.weight','exact','layout',0.99,'10',3,81.0,100.25,189.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,10,0,'funding.total.execution_rate','exact','layout',0.99,'100',3,82.0,100.25,190.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,11,0,'funding.total.score','exact','layout',0.99,'10',3,83.0,100.25,191.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,12,0,'funding.appropriation.original_budget','exact','layout',0.99,'6.8',3,84.0,100.25,192.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,13,0,'funding.appropriation.adjusted_budget','exact','layout',0.99,'6.8',3,85.0,100.25,193.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,14,0,'funding.appropriation.outturn','exact','layout',0.99,'6.8',3,86.0,100.25,194.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,15,0,'funding.appropriation.execution_rate','exact','layout',0.99,'100',3,88.0,100.25,196.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,16,0,'expected_goal','exact','layout',0.99,'通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。',3,102.0,100.25,210.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,17,0,'actual_result','exact','layout',0.99,'系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。',3,103.0,100.25,211.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,18,0,'indicators[0].level1','exact','layout',0.99,'产出指标',3,104.0,100.25,212.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,19,0,'indicators[0].level2','exact','layout',0.99,'数量指标',3,105.0,100.25,213.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,20,0,'indicators[0].name','exact','layout',0.99,'办理业务量0',3,106.0,100.25,214.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,21,0,'indicators[0].target','exact','layout',0.99,'≥90.00(%)',3,107.0,100.25,215.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,22,0,'indicators[0].actual','exact','layout',0.99,'95.00(%)',3,108.0,100.25,216.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,23,0,'indicators[0].weight','exact','layout',0.99,'15',3,109.0,100.25,217.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,24,0,'indicators[0].score','exact','layout',0.99,'15',3,110.0,100.25,218.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,25,0,'indicators[1].level1','exact','layout',0.99,'产出指标',3,112.0,100.25,220.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,26,0,'indicators[1].level2','exact','layout',0.99,'质量指标',3,113.0,100.25,221.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,27,0,'indicators[1].name','exact','layout',0.99,'办理业务量1',3,114.0,100.25,222.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,28,0,'indicators[1].target','exact','layout',0.99,'≥90.00(%)',3,115.0,100.25,223.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,29,0,'indicators[1].actual','exact','layout',0.99,'95.00(%)',3,116.0,100.25,224.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,30,0,'indicators[1].weight','exact','layout',0.99,'15',3,117.0,100.25,225.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,31,0,'indicators[1].score','exact','layout',0.99,'15',3,118.0,100.25,226.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,32,0,'indicators[2].level1','exact','layout',0.99,'效益指标',3,120.0,100.25,228.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,33,0,'indicators[2].level2','exact','layout',0.99,'社会效益指标',3,121.0,100.25,229.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,34,0,'indicators[2].name','exact','layout',0.99,'办理业务量2',3,122.0,100.25,230.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,35,0,'indicators[2].target','exact','layout',0.99,'≥90.00(%)',3,123.0,100.25,231.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,36,0,'indicators[2].actual','exact','layout',0.99,'95.00(%)',3,124.0,100.25,232.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,37,0,'indicators[2].weight','exact','layout',0.99,'15',3,125.0,100.25,233.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,38,0,'indicators[2].score','exact','layout',0.99,'15',3,126.0,100.25,234.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,39,0,'indicators[3].level1','exact','layout',0.99,'满意度指标',3,128.0,100.25,236.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,40,0,'indicators[3].level2','exact','layout',0.99,'服务对象满意度指标',3,129.0,100.25,237.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,41,0,'indicators[3].name','exact','layout',0.99,'办理业务量3',3,130.0,100.25,238.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,42,0,'indicators[3].target','exact','layout',0.99,'≥90.00(%)',3,131.0,100.25,239.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,43,0,'indicators[3].actual','exact','layout',0.99,'95.00(%)',3,132.0,100.25,240.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,44,0,'indicators[3].weight','exact','layout',0.99,'15',3,133.0,100.25,241.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,45,0,'indicators[3].score','exact','layout',0.99,'15',3,134.0,100.25,242.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,46,0,'indicators[4].level1','exact','layout',0.99,'产出指标',3,136.0,100.25,244.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,47,0,'indicators[4].level2','exact','layout',0.99,'数量指标',3,137.0,100.25,245.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,48,0,'indicators[4].name','exact','layout',0.99,'办理业务量4',3,138.0,100.25,246.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,49,0,'indicators[4].target','exact','layout',0.99,'≥90.00(%)',3,139.0,100.25,247.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,50,0,'indicators[4].actual','exact','layout',0.99,'95.00(%)',3,140.0,100.25,248.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,51,0,'indicators[4].weight','exact','layout',0.99,'15',3,141.0,100.25,249.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,52,0,'indicators[4].score','exact','layout',0.99,'15',3,142.0,100.25,250.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,53,0,'indicators[5].level1','exact','layout',0.99,'产出指标',3,144.0,100.25,252.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,54,0,'indicators[5].level2','exact','layout',0.99,'质量指标',3,145.0,100.25,253.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,55,0,'indicators[5].name','exact','layout',0.99,'办理业务量5',3,146.0,100.25,254.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,56,0,'indicators[5].target','exact','layout',0.99,'≥90.00(%)',3,147.0,100.25,255.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,57,0,'indicators[5].actual','exact','layout',0.99,'95.00(%)',3,148.0,100.25,256.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,58,0,'indicators[5].weight','exact','layout',0.99,'15',3,149.0,100.25,257.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,59,0,'indicators[5].score','exact','layout',0.99,'15',3,150.0,100.25,258.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,60,0,'total_weight','exact','layout',0.99,'100',3,152.0,100.25,260.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,61,0,'total_score','exact','layout',0.99,'100',3,153.0,100.25,261.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,62,0,'extras[0].label','exact','layout',0.99,'财政专户管理资金',3,155.0,100.25,263.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,63,0,'extras[0].text','exact','layout',0.99,'0.00',3,156.0,100.25,264.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "evidence" VALUES(3,64,0,'grade','none','reviewer',1.0,'优',3,154.0,100.25,262.5,112.75,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE extras (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	label VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_extras PRIMARY KEY (version_id, position), 
	CONSTRAINT fk_extras_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "extras" VALUES(1,0,'财政专户管理资金','0.00');
INSERT INTO "extras" VALUES(2,0,'财政专户管理资金','0.00');
INSERT INTO "extras" VALUES(3,0,'财政专户管理资金','0.00');
CREATE TABLE findings (
	id INTEGER NOT NULL, 
	form_pk INTEGER NOT NULL, 
	across BOOLEAN NOT NULL, 
	rule VARCHAR NOT NULL, 
	severity VARCHAR NOT NULL, 
	cell VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	computed VARCHAR, 
	basis VARCHAR NOT NULL, 
	CONSTRAINT pk_findings PRIMARY KEY (id), 
	CONSTRAINT fk_findings_form_pk_forms FOREIGN KEY(form_pk) REFERENCES forms (id) ON DELETE CASCADE
);
INSERT INTO "findings" VALUES(1,1,0,'category-weights','info','indicators','一级指标权重为 执行率10 产出60 效益15 满意度15，通行分配为 执行率10 产出50 效益30 满意度10。','执行率10 产出60 效益15 满意度15','shanghai');
INSERT INTO "findings" VALUES(2,2,0,'grade-band','error','grade','总得分 100 对应等级“优”，表中印为“良”。','优','shanghai');
INSERT INTO "findings" VALUES(3,2,0,'category-weights','info','indicators','一级指标权重为 执行率10 产出60 效益15 满意度15，通行分配为 执行率10 产出50 效益30 满意度10。','执行率10 产出60 效益15 满意度15','shanghai');
CREATE TABLE forms (
	id INTEGER NOT NULL, 
	form_id VARCHAR NOT NULL, 
	project_key VARCHAR NOT NULL, 
	unit_key VARCHAR NOT NULL, 
	CONSTRAINT pk_forms PRIMARY KEY (id), 
	CONSTRAINT uq_forms_form_id UNIQUE (form_id)
);
INSERT INTO "forms" VALUES(1,'16f882610bca','政务服务热线运维','上海市某区信息服务中心');
INSERT INTO "forms" VALUES(2,'9f4b27e9739f','公共数据平台','上海市某区信息服务中心');
CREATE TABLE funding (
	version_id INTEGER NOT NULL, 
	"row" VARCHAR NOT NULL, 
	original_budget BIGINT, 
	adjusted_budget BIGINT, 
	outturn BIGINT, 
	weight BIGINT, 
	execution_rate BIGINT, 
	score BIGINT, 
	CONSTRAINT pk_funding PRIMARY KEY (version_id, "row"), 
	CONSTRAINT fk_funding_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "funding" VALUES(1,'appropriation',6800000,6800000,6800000,NULL,100000000,NULL);
INSERT INTO "funding" VALUES(1,'total',6800000,6800000,6800000,10000000,100000000,10000000);
INSERT INTO "funding" VALUES(2,'appropriation',6800000,6800000,6800000,NULL,100000000,NULL);
INSERT INTO "funding" VALUES(2,'total',6800000,6800000,6800000,10000000,100000000,10000000);
INSERT INTO "funding" VALUES(3,'appropriation',6800000,6800000,6800000,NULL,100000000,NULL);
INSERT INTO "funding" VALUES(3,'total',6800000,6800000,6800000,10000000,100000000,10000000);
CREATE TABLE indicators (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	level1 VARCHAR, 
	level2 VARCHAR, 
	name VARCHAR NOT NULL, 
	target VARCHAR, 
	actual VARCHAR, 
	weight BIGINT, 
	score BIGINT, 
	deviation VARCHAR, 
	CONSTRAINT pk_indicators PRIMARY KEY (version_id, position), 
	CONSTRAINT fk_indicators_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "indicators" VALUES(1,0,'产出指标','数量指标','办理业务量0','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(1,1,'产出指标','质量指标','办理业务量1','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(1,2,'效益指标','社会效益指标','办理业务量2','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(1,3,'满意度指标','服务对象满意度指标','办理业务量3','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(1,4,'产出指标','数量指标','办理业务量4','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(1,5,'产出指标','质量指标','办理业务量5','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(2,0,'产出指标','数量指标','办理业务量0','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(2,1,'产出指标','质量指标','办理业务量1','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(2,2,'效益指标','社会效益指标','办理业务量2','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(2,3,'满意度指标','服务对象满意度指标','办理业务量3','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(2,4,'产出指标','数量指标','办理业务量4','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(2,5,'产出指标','质量指标','办理业务量5','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(3,0,'产出指标','数量指标','办理业务量0','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(3,1,'产出指标','质量指标','办理业务量1','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(3,2,'效益指标','社会效益指标','办理业务量2','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(3,3,'满意度指标','服务对象满意度指标','办理业务量3','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(3,4,'产出指标','数量指标','办理业务量4','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
INSERT INTO "indicators" VALUES(3,5,'产出指标','质量指标','办理业务量5','≥90.00(%)','95.00(%)',15000000,15000000,NULL);
CREATE TABLE leftovers (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	page INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	CONSTRAINT pk_leftovers PRIMARY KEY (version_id, position), 
	CONSTRAINT fk_leftovers_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE pages (
	document_id INTEGER NOT NULL, 
	page INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	reason VARCHAR, 
	CONSTRAINT pk_pages PRIMARY KEY (document_id, page), 
	CONSTRAINT fk_pages_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "pages" VALUES(1,1,'done',NULL);
INSERT INTO "pages" VALUES(1,2,'done',NULL);
INSERT INTO "pages" VALUES(1,3,'done',NULL);
INSERT INTO "pages" VALUES(1,4,'done',NULL);
CREATE TABLE review_marks (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	cell VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_review_marks PRIMARY KEY (version_id, position), 
	CONSTRAINT fk_review_marks_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE review_readings (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	part INTEGER NOT NULL, 
	read_by VARCHAR NOT NULL, 
	number BIGINT, 
	text VARCHAR, 
	CONSTRAINT pk_review_readings PRIMARY KEY (version_id, position, part), 
	CONSTRAINT fk_review_readings_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	command VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'ingest 表.pdf','2026-11-21 00:07:41.145223','2026-11-21 00:07:41.213161');
CREATE TABLE version_pages (
	version_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	page INTEGER NOT NULL, 
	CONSTRAINT pk_version_pages PRIMARY KEY (version_id, position), 
	CONSTRAINT fk_version_pages_version_id_versions FOREIGN KEY(version_id) REFERENCES versions (id) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "version_pages" VALUES(1,0,1);
INSERT INTO "version_pages" VALUES(1,1,2);
INSERT INTO "version_pages" VALUES(2,0,3);
INSERT INTO "version_pages" VALUES(2,1,4);
INSERT INTO "version_pages" VALUES(3,0,3);
INSERT INTO "version_pages" VALUES(3,1,4);
CREATE TABLE versions (
	id INTEGER NOT NULL, 
	form_pk INTEGER NOT NULL, 
	document_id INTEGER NOT NULL, 
	base_id INTEGER, 
	current BOOLEAN NOT NULL, 
	chosen_by VARCHAR, 
	chosen_at DATETIME, 
	review_count INTEGER NOT NULL, 
	stored_at DATETIME NOT NULL, 
	title VARCHAR, 
	fiscal_year INTEGER, 
	project_name VARCHAR, 
	department VARCHAR, 
	implementing_unit VARCHAR, 
	unit_of_money VARCHAR, 
	expected_goal VARCHAR, 
	actual_result VARCHAR, 
	total_weight BIGINT, 
	total_score BIGINT, 
	grade VARCHAR, 
	source_file VARCHAR, 
	source_sha256 VARCHAR, 
	source_kind VARCHAR, 
	source_method VARCHAR, 
	source_model VARCHAR, 
	source_seconds DOUBLE, 
	CONSTRAINT pk_versions PRIMARY KEY (id), 
	CONSTRAINT fk_versions_form_pk_forms FOREIGN KEY(form_pk) REFERENCES forms (id) ON DELETE CASCADE, 
	CONSTRAINT fk_versions_document_id_documents FOREIGN KEY(document_id) REFERENCES documents (id) ON DELETE CASCADE, 
	CONSTRAINT fk_versions_base_id_versions FOREIGN KEY(base_id) REFERENCES versions (id) ON DELETE CASCADE
);
INSERT INTO "versions" VALUES(1,1,1,NULL,1,NULL,NULL,0,'2026-11-21 00:07:41.157084','财政项目支出绩效自评表',2024,'政务服务热线运维','上海市某区科学技术委员会','上海市某区信息服务中心','万元','通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。','系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。',100000000,100000000,'优','表.pdf','e6a4969200434412b15c93acb1c78591942e10cefd6abcb9de6b699824fc94db','digital','layout',NULL,0.031);
INSERT INTO "versions" VALUES(2,2,1,NULL,0,NULL,NULL,0,'2026-11-21 00:07:41.157103','财政项目支出绩效自评表',2024,'公共数据平台','上海市某区科学技术委员会','上海市某区信息服务中心','万元','通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。','系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。',100000000,100000000,'优','表.pdf','e6a4969200434412b15c93acb1c78591942e10cefd6abcb9de6b699824fc94db','digital','layout',NULL,0.031);
INSERT INTO "versions" VALUES(3,2,1,2,1,NULL,NULL,0,'2026-11-21 00:07:41.197157','财政项目支出绩效自评表',2024,'公共数据平台','上海市某区科学技术委员会','上海市某区信息服务中心','万元','通过购买服务，保障系统全年稳定运行，群众满意度不低于90%。','系统全年运行稳定，完成例行巡检和两次应急演练，群众满意度达到95%。',100000000,100000000,'良','表.pdf','e6a4969200434412b15c93acb1c78591942e10cefd6abcb9de6b699824fc94db','digital','layout',NULL,0.031);
CREATE INDEX ix_documents_run_id ON documents (run_id);
CREATE INDEX ix_document_files_path ON document_files (path);
CREATE INDEX ix_forms_project_key ON forms (project_key);
CREATE INDEX ix_forms_unit_key ON forms (unit_key);
CREATE INDEX ix_versions_base_id ON versions (base_id);
CREATE INDEX ix_versions_document_id ON versions (document_id);
CREATE INDEX ix_versions_form_pk ON versions (form_pk);
CREATE UNIQUE INDEX uq_versions_current_form_pk ON versions (form_pk) WHERE current;
CREATE INDEX ix_findings_form_pk ON findings (form_pk);
CREATE INDEX ix_corrections_form_id ON corrections (form_id);
COMMIT;
