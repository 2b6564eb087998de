"""The life of a summary: lines, reviews, minority positions, sign-offs, published versions."""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('summaries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('forum_session_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('drafted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erratum', sa.String(), nullable=False),
    sa.CheckConstraint("state IN ('drafted', 'edited', 'in_review', 'signed_off', 'published')", name=op.f('ck_summaries_state_is_known')),
    sa.ForeignKeyConstraint(['forum_session_id'], ['forum_sessions.id'], name=op.f('fk_summaries_forum_session_id_forum_sessions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summaries')),
    sa.UniqueConstraint('forum_session_id', name=op.f('uq_summaries_forum_session_id'))
    )
    op.create_table('published_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('sheets', sa.JSON(), nullable=False),
    sa.Column('erratum', sa.String(), nullable=False),
    sa.Column('published_by_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['published_by_id'], ['people.id'], name=op.f('fk_published_versions_published_by_id_people'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['summary_id'], ['summaries.id'], name=op.f('fk_published_versions_summary_id_summaries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_published_versions')),
    sa.UniqueConstraint('summary_id', 'number', name=op.f('uq_published_versions_summary_id_number'))
    )
    op.create_table('sign_offs',
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('listing', sa.String(), nullable=False),
    sa.Column('reservations', sa.String(), nullable=False),
    sa.Column('may_be_quoted', sa.Boolean(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("listing IN ('listed', 'with_reservations', 'not_listed')", name=op.f('ck_sign_offs_listing_is_known')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_sign_offs_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['summary_id'], ['summaries.id'], name=op.f('fk_sign_offs_summary_id_summaries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('summary_id', 'person_id', name=op.f('pk_sign_offs'))
    )
    op.create_table('summary_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('answer', 'statement', 'open_question', 'action')", name=op.f('ck_summary_lines_kind_is_known')),
    sa.ForeignKeyConstraint(['summary_id'], ['summaries.id'], name=op.f('fk_summary_lines_summary_id_summaries'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_lines'))
    )
    with op.batch_alter_table('summary_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_summary_lines_summary_id'), ['summary_id'], unique=False)

    op.create_table('minority_positions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('summary_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=True),
    sa.Column('wording', sa.Integer(), nullable=True),
    sa.Column('written_by_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('edited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['line_id'], ['summary_lines.id'], name=op.f('fk_minority_positions_line_id_summary_lines'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['summary_id'], ['summaries.id'], name=op.f('fk_minority_positions_summary_id_summaries'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by_id'], ['people.id'], name=op.f('fk_minority_positions_written_by_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_minority_positions'))
    )
    with op.batch_alter_table('minority_positions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_minority_positions_line_id'), ['line_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_minority_positions_summary_id'), ['summary_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_minority_positions_written_by_id'), ['written_by_id'], unique=False)

    op.create_table('summary_reviews',
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('wording', sa.Integer(), nullable=False),
    sa.Column('stance', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("stance IN ('approve', 'comment', 'dissent')", name=op.f('ck_summary_reviews_stance_is_known')),
    sa.ForeignKeyConstraint(['line_id'], ['summary_lines.id'], name=op.f('fk_summary_reviews_line_id_summary_lines'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_summary_reviews_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('line_id', 'person_id', name=op.f('pk_summary_reviews'))
    )
    op.create_table('summary_wordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('owner', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('written_by_id', sa.Integer(), nullable=True),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['line_id'], ['summary_lines.id'], name=op.f('fk_summary_wordings_line_id_summary_lines'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['written_by_id'], ['people.id'], name=op.f('fk_summary_wordings_written_by_id_people'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_wordings')),
    sa.UniqueConstraint('line_id', 'number', name=op.f('uq_summary_wordings_line_id_number'))
    )
    op.create_table('minority_holders',
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_minority_holders_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['position_id'], ['minority_positions.id'], name=op.f('fk_minority_holders_position_id_minority_positions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('position_id', 'person_id', name=op.f('pk_minority_holders'))
    )
    op.create_table('summary_sources',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('response_id', sa.Integer(), nullable=True),
    sa.Column('response_revision', sa.Integer(), nullable=True),
    sa.Column('option_id', sa.Integer(), nullable=True),
    sa.Column('from_line_id', sa.Integer(), nullable=True),
    sa.Column('from_wording', sa.Integer(), nullable=True),
    sa.CheckConstraint('(CASE WHEN response_id IS NULL THEN 0 ELSE 1 END + CASE WHEN option_id IS NULL THEN 0 ELSE 1 END + CASE WHEN from_line_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_summary_sources_one_source')),
    sa.ForeignKeyConstraint(['from_line_id'], ['summary_lines.id'], name=op.f('fk_summary_sources_from_line_id_summary_lines'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['line_id'], ['summary_lines.id'], name=op.f('fk_summary_sources_line_id_summary_lines'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['option_id'], ['options.id'], name=op.f('fk_summary_sources_option_id_options'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['response_id'], ['responses.id'], name=op.f('fk_summary_sources_response_id_responses'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_summary_sources'))
    )
    with op.batch_alter_table('summary_sources', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_summary_sources_line_id'), ['line_id'], unique=False)



def downgrade():
    with op.batch_alter_table('summary_sources', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_summary_sources_line_id'))

    op.drop_table('summary_sources')
    op.drop_table('minority_holders')
    op.drop_table('summary_wordings')
    op.drop_table('summary_reviews')
    with op.batch_alter_table('minority_positions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_minority_positions_written_by_id'))
        batch_op.drop_index(batch_op.f('ix_minority_positions_summary_id'))
        batch_op.drop_index(batch_op.f('ix_minority_positions_line_id'))

    op.drop_table('minority_positions')
    with op.batch_alter_table('summary_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_summary_lines_summary_id'))

    op.drop_table('summary_lines')
    op.drop_table('sign_offs')
    op.drop_table('published_versions')
    op.drop_table('summaries')
