import { databaseContracts } from '../../../contracts/database-contracts.ts'
import { overDatabases } from '../../../databases/dialects.ts'

overDatabases('stores', (databases) => databaseContracts(() => databases.create()))
